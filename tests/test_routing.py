"""Routing: words by company, several 課, outside bodies, context, another town's table, properties."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from textlens.errors import ColumnNotFoundError, InputFileError, ParameterError
from textlens.routing.router import DepartmentRouter
from textlens.routing.spread import suggest_spread
from textlens.rules import read_table
from textlens.schema import FINDING_COLUMNS
from textlens.tokens import Tokenizer, as_tokens

CASES = list(
    csv.DictReader((Path(__file__).parent / "cases" / "routing.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t")
)
TOWN = pd.DataFrame(
    [
        ("10", "総務企画課", "町長部局", "総合計画、広報、職員、財政、税金の使い道、選挙、防災、情報公開、移住、デジタル化"),
        ("20", "税務住民課", "町長部局", "住民税、固定資産税、住民票、戸籍、マイナンバーカード、国民健康保険、年金、滞納"),
        ("30", "福祉こども課", "町長部局", "高齢者、介護保険、障害者、生活保護、保育園、児童手当、健診、予防接種、児童虐待"),
        ("40", "建設水道課", "町長部局", "道路、舗装、側溝、除雪、河川、公園、町営住宅、空き家、水道、下水道、都市計画"),
        ("50", "産業環境課", "町長部局", "農業、有害鳥獣、農地、商工、観光、ごみ収集、騒音、野良猫、不法投棄、バス"),
        ("60", "教育課", "教育委員会", "小学校、中学校、給食、公民館、図書館、体育館、プール、文化財、学童"),
    ],
    columns=["コード", "課名", "機関", "所管語"],
)


@pytest.fixture(scope="module")
def router() -> DepartmentRouter:
    return DepartmentRouter()


@pytest.fixture(scope="module")
def routed(router: DepartmentRouter) -> pd.DataFrame:
    return router.route(pd.Series([row["text"] for row in CASES], index=[row["id"] for row in CASES]))


@pytest.mark.parametrize("row", CASES, ids=lambda row: row["id"])
def test_case(row: dict[str, str], routed: pd.DataFrame, request: pytest.FixtureRequest) -> None:
    if row["status"] == "xfail":
        request.node.add_marker(pytest.mark.xfail(strict=True, reason=row["why"]))
    assert routed.at[row["id"], "department"] in row["expected"].split(",")


@pytest.mark.parametrize("name", ["matters", "senses"])
def test_every_row_shows_its_sample(name: str, router: DepartmentRouter) -> None:
    rows = read_table(f"routing/{name}.tsv")
    found = router.findings(pd.Series([row["sample"] for row in rows], index=[row["id"] for row in rows]))
    seen = set(zip(found["id"], found["subject"], strict=True))
    wrong = [row["id"] for row in rows if (row["id"], row["concept"]) not in seen]
    assert not wrong, wrong


def test_spread_rows_show_their_sample(router: DepartmentRouter) -> None:
    rows = read_table("routing/spread.tsv")
    found = suggest_spread(pd.Series([row["sample"] for row in rows], index=[row["mechanism"] for row in rows]), router)
    assert {row["mechanism"] for row in rows} <= {i for i, m in zip(found["id"], found["mechanism"], strict=True) if i == m}
    names = {row["concept"] for row in read_table("routing/concepts.tsv")}
    assert {c for row in rows for c in row["concepts"].split("、")} <= names


def test_credit_card_is_suggested_to_other_offices_that_take_money(router: DepartmentRouter) -> None:
    texts = ["水道料金をクレジットカードで払えるようにしてほしい"]
    assert router.route(texts)["departments"][0] == ("D51", "D53")
    others = suggest_spread(texts, router)["departments"][0]
    assert {"D12", "D32", "D34", "D50"} <= set(others) and "D51" not in others


@pytest.mark.parametrize(
    ("text", "also"),
    [
        ("窓口で三か所も回されました。住民票がほしいだけなのに。", {"D06", "D13"}),
        ("封筒に別の人の通知が入っていました。固定資産税のものです。", {"D05", "D11"}),
        ("避難所まで足の悪い母は歩けません。", {"D22", "D26"}),
        ("通学路を車がスピードを出して抜けていきます。", {"D34", "D23", "X1"}),
        ("保育園の先生が泣く子の腕を引っぱって廊下に出していた。", {"D32", "D31"}),
        ("隣の一人暮らしのおじいさんの新聞がたまっています。", {"D26", "D28"}),
        ("林道にタイヤが捨てられています。", {"D21", "D20"}),
    ],
)
def test_who_reads_it_by_duty(router: DepartmentRouter, text: str, also: set[str]) -> None:
    assert also <= set(router.route([text])["departments"][0])


def test_a_word_in_passing_names_no_office(router: DepartmentRouter) -> None:
    letter = ("いつもお世話になっております。先日、病院の帰りに市民プールの前を通りました。"
              "側溝のふたが割れています。側溝に自転車の前輪が落ちそうで、舗装も陥没しています。早く直してください。")  # fmt: skip
    got = router.route([letter])["departments"][0]
    assert got[0] == "D44" and not {"D58", "D38"} & set(got)


def test_names_of_people_and_places_name_no_office(router: DepartmentRouter) -> None:
    texts = ["佐々木ヨシ子様の封筒が届きました。", "葛川市長谷1-23-4の者です。", "堀さん宅の前が暗い。"]
    assert not set(router.findings(texts)["subject"]) & {"河川", "市長", "用水路"}
    assert router.predict(["川にヨシが茂っている。", "市長に会いたい。"]).tolist() == ["D45", "D01"]


def test_two_matters_in_one_sentence_go_to_both(router: DepartmentRouter) -> None:
    assert set(router.route(["公園の草刈りとバスの増便をお願いします。"])["departments"][0]) == {"D48", "D47"}


def test_units_have_their_own(router: DepartmentRouter) -> None:
    tokens = as_tokens(["図書館の本が古い。道路の穴も直して。よろしく。"])
    assert router.route_units(tokens)["department"].tolist() == ["D36", "D44", "X0"]
    assert set(router.route(tokens)["departments"][0]) == {"D36", "D44"}


@pytest.mark.parametrize("text", ["バス", "道路。", "公園"])
def test_a_bare_noun_is_held(router: DepartmentRouter, text: str) -> None:
    assert router.route([text])["held"][0]


def test_question_wording_decides_what_the_comment_leaves_open(router: DepartmentRouter) -> None:
    text = ["もっと増やしてほしい。"]
    assert router.predict(text, "公園や緑地について").tolist() == ["D48"]
    assert router.predict(text, "路線バスについて").tolist() == ["D47"]
    assert router.predict(text).tolist() == ["X0"]


def test_context_may_differ_from_row_to_row(router: DepartmentRouter) -> None:
    texts = pd.Series(["草がひどい。", "草がひどい。"], index=["a", "b"])
    assert router.predict(texts, ["川と堤防", "公園"]).to_dict() == {"a": "D45", "b": "D48"}
    with pytest.raises(ParameterError):
        router.predict(texts, ["公園"])


def test_outside_bodies_say_where_to_pass_it_on(router: DepartmentRouter) -> None:
    row = router.rank(["信号機をつけてほしい。"], n=1).iloc[0]
    assert row["department"] == "X1" and "警察署" in row["reason"] and "信号機" in row["reason"]


def test_another_town_with_merged_offices(router: DepartmentRouter) -> None:
    town = DepartmentRouter(TOWN)
    texts = ["道路の穴を直して。", "側溝が詰まる。", "カラスがごみを散らかす。", "学童に入れない。", "図書館の本が少ない。",
             "固定資産税が高い。", "認知症の母の介護がつらい。", "水道水がまずい。", "イノシシが出る。", "信号機がほしい。",
             "保育園に入れない。", "住民票を取るのに待たされた。", "議員の数を減らせ。"]  # fmt: skip
    expected = ["40", "40", "50", "60", "60", "20", "30", "40", "50", "X1", "30", "20", None]
    got = town.route(texts)
    for text, code, row in zip(texts, expected, got.itertuples(), strict=True):
        if code is None:
            assert row.held, text
        else:
            assert row.department == code, text
    assert "議会" in town.unmatched_
    assert town.organs_["60"] == "教育委員会"


def test_a_word_only_the_table_knows_works_at_once() -> None:
    table = TOWN.copy()
    table.loc[5, "所管語"] += "、どんぐり館"
    assert DepartmentRouter(table).predict(["どんぐり館をまた開けてほしい。"]).tolist() == ["60"]


def test_learning_follows_the_city_and_leaves_other_offices_alone(router: DepartmentRouter) -> None:
    texts = [f"野良猫が{n}匹いて困る。" for n in range(2, 26)] + [f"図書館の本を{n}冊借りた。" for n in range(2, 26)]
    learned = clone(router).fit(texts, ["D29"] * 24 + ["D36"] * 24)
    assert router.predict(["野良猫が庭に来る。"]).tolist() == ["D21"]
    assert learned.predict(["野良猫が庭に来る。"]).tolist() == ["D29"]
    assert learned.predict(["側溝のふたが割れている。"]).tolist() == ["D44"]
    with pytest.raises(ParameterError, match="D99"):
        router.fit(["a"], ["D99"])


def test_tables_are_checked() -> None:
    with pytest.raises(ColumnNotFoundError, match="keywords"):
        DepartmentRouter(pd.DataFrame({"code": ["1"], "name": ["a"]})).predict(["x"])
    double = pd.concat([TOWN, TOWN.iloc[:1]])
    with pytest.raises(InputFileError, match="重なって"):
        DepartmentRouter(double).predict(["x"])
    with pytest.raises(InputFileError, match="X1"):
        DepartmentRouter(pd.DataFrame({"code": ["X1"], "name": ["a"], "keywords": ["b"]})).predict(["x"])


def test_shapes_and_index(router: DepartmentRouter) -> None:
    texts = pd.Series(["", None, "道路が狭い。"], index=["b", "a", "c"])
    out = router.route(texts)
    assert out.index.tolist() == ["b", "a", "c"]
    assert out.columns.tolist() == ["department", "departments", "department_score", "held"]
    assert out["departments"].map(lambda t: isinstance(t, tuple)).all() and out["held"].dtype == bool
    assert router.route([]).empty and len(router.findings([])) == 0
    assert tuple(router.findings(texts).columns) == FINDING_COLUMNS


def test_findings_lie_on_the_raw_text(router: DepartmentRouter) -> None:
    text = "㈱の前で、ﾊﾞｽの本数が少ない。"
    found = router.explain(text)
    words = [text[a:b] for a, b in zip(found["start"], found["end"], strict=True)]
    assert any("ﾊﾞｽの本数" in w for w in words)


@settings(max_examples=40, deadline=None)
@example(["工場の騒音で夜眠れない。", "窓口の職員の態度が横柄だった。"], "")
@given(st.lists(st.sampled_from([row["text"] for row in CASES]), min_size=1, max_size=6), st.text(max_size=30))
def test_a_row_does_not_depend_on_its_neighbours(texts: list[str], odd: str) -> None:
    router = DepartmentRouter()
    together = router.route([*texts, odd])
    for place, text in enumerate([*texts, odd]):
        assert together.iloc[place].tolist() == router.route([text]).iloc[0].tolist()


def test_levels_on_gold(shared_data: Path) -> None:
    lines = (shared_data / "gold" / "municipal_gold.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    router = DepartmentRouter(shared_data / "departments.tsv")
    got = router.route([row["text"] for row in rows])
    wanted = [row["departments"] or ["X0"] for row in rows]
    first = [d in {w[0], *row["acceptable"]} for d, w, row in zip(got["department"], wanted, rows, strict=True) if w != ["X0"]]
    nothing = [d == "X0" for d, w in zip(got["department"], wanted, strict=True) if w == ["X0"]]
    assert sum(first) / len(first) >= 0.80
    assert sum(nothing) / len(nothing) >= 0.85


def test_learning_from_one_half_of_gold_helps_the_other(shared_data: Path) -> None:
    lines = (shared_data / "gold" / "municipal_gold.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    plain = learnt = 0
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(len(rows))
        known, asked = ([rows[i] for i in part] for part in np.array_split(order, 2))
        router = DepartmentRouter(shared_data / "departments.tsv")
        texts = [row["text"] for row in asked]
        before = router.predict(texts)
        after = router.fit([row["text"] for row in known], [(row["departments"] or ["X0"])[0] for row in known]).predict(texts)
        accepted = [{(row["departments"] or ["X0"])[0], *row["acceptable"]} for row in asked]
        plain += sum(code in right for code, right in zip(before, accepted, strict=True))
        learnt += sum(code in right for code, right in zip(after, accepted, strict=True))
    assert learnt > plain


def test_what_was_learnt_survives_as_plain_lists(router: DepartmentRouter) -> None:
    texts = [f"野良猫が{n}匹いて困る。" for n in range(2, 26)] + [f"どんぐり館に{n}回行った。" for n in range(2, 26)]
    learned = clone(router).fit(texts, ["D29"] * 24 + ["D30"] * 24)
    again = DepartmentRouter.from_dict(json.loads(json.dumps(learned.to_dict())))
    probe = ["野良猫が来る。", "どんぐり館をまた開けて。", "側溝が詰まった。"]
    assert again.route(probe).equals(learned.route(probe))
    assert learned.predict(probe).tolist() == ["D29", "D30", "D44"]


def test_a_table_of_measures_routes_the_same_way() -> None:
    measures = pd.DataFrame(
        [("1-1", "安全な道づくり", "都市基盤", "道路、歩道、舗装、側溝"), ("1-2", "公共交通の充実", "都市基盤", "バス、電車、デマンド"),
         ("2-1", "子育ての支え", "健康福祉", "保育園、児童手当、学童"), ("3-1", "ごみの減量", "環境", "ごみ、分別、リサイクル")],
        columns=["コード", "施策名", "柱", "語"],
    )  # fmt: skip
    got = DepartmentRouter(measures).predict(["バスの本数が少ない。", "道の穴を直して。", "学童に入れない。", "ごみ袋が高い。"])
    assert got.tolist() == ["1-2", "1-1", "2-1", "3-1"]


def test_codes_of_a_reorganised_table_and_rules_that_still_name_the_old(tmp_path: Path) -> None:
    from textlens.routing.table import map_codes, stale_rules

    columns = ["code", "name", "organ", "keywords"]
    old = pd.DataFrame(
        [("1", "道路課", "", "道路、舗装"), ("2", "公園課", "", "公園、遊具"), ("3", "広報課", "", "広報紙"),
         ("4", "福祉課", "", "高齢者、介護、障害者、手帳"), ("5", "観光課", "", "観光、花火")],
        columns=columns,
    )  # fmt: skip
    new = pd.DataFrame(
        [("A", "道路公園課", "", "道路、舗装、公園、遊具"), ("3", "広報課", "", "広報紙"), ("B", "高齢課", "", "高齢者、介護"),
         ("C", "障害課", "", "障害者、手帳"), ("D", "デジタル課", "", "オンライン申請")],
        columns=columns,
    )  # fmt: skip
    table = map_codes(old, new)
    found = set(zip(table["old_code"], table["new_code"], table["change"], strict=True))
    assert found == {("1", "A", "統合"), ("2", "A", "統合"), ("3", "3", "同じ"), ("4", "B", "分割"), ("4", "C", "分割"),
                     ("5", "", "廃止"), ("", "D", "新設")}  # fmt: skip
    (tmp_path / "corrections.tsv").write_text("id\tfield\tnew\n0101\tdepartment\t5\n0102\tdepartment\t3\n# 観光課の件\n", encoding="utf-8")
    stale = stale_rules(old, new, tmp_path)
    assert stale[["line", "old_code"]].values.tolist() == [[2, "5"], [4, "5"]]


def test_the_wording_of_last_year_decides_between_offices_the_table_leaves_open(router: DepartmentRouter) -> None:
    walkers = [f"{n}回も、歩くたびに桜並木の枝がかかる。ゆっくり眺めたいのに草も伸びる。" for n in range(2, 302)]
    drivers = [f"{n}回も、走るたびに桜並木の枝がかかる。急いで抜けたいのに草も伸びる。" for n in range(2, 302)]
    fitted = clone(router).fit(walkers + drivers, ["D48"] * 300 + ["D44"] * 300)
    probe = ["歩くと桜並木の枝がかかる。ゆっくり眺めたい。草も伸びる。", "走ると桜並木の枝がかかる。急いで抜けたい。草も伸びる。"]
    assert router.predict(probe).nunique() == 1
    assert fitted.predict(probe).tolist() == ["D48", "D44"]
    again = DepartmentRouter.from_dict(json.loads(json.dumps(fitted.to_dict())))
    assert again.route(probe).equals(fitted.route(probe))
    assert fitted.predict(["歩くのはゆっくりでいい。"]).tolist() == ["X0"], "the witness names no 課 where the table has none"


def test_an_office_that_is_gone_takes_its_words_along(router: DepartmentRouter) -> None:
    texts = pd.Series([f"{i}番目の公園の遊具" for i in range(12)] + [f"{i}番目の市道の穴" for i in range(12)])
    fitted = clone(router).fit(texts, router.predict(texts))
    state = json.loads(json.dumps(fitted.to_dict()))
    state["departments"] = [row for row in state["departments"] if row[0] != fitted.predict(texts[:1]).iloc[0]]
    assert DepartmentRouter.from_dict(state).predict(texts).ne("X0").any()


CATS = pd.Series([f"野良猫が{n}匹いる。" for n in range(4)] + [f"学校のプールが{n}年前から古い。" for n in range(4)], index=[f"{n:03d}" for n in range(8)])
CODES = pd.Series(["D29"] * 4 + ["D34"] * 4, index=CATS.index)


@pytest.mark.parametrize("given", [CATS, as_tokens(CATS)], ids=["series", "tokens"])
def test_codes_are_met_by_their_ids(given: object, router: DepartmentRouter) -> None:
    learned, other = clone(router).fit(given, CODES), clone(router).fit(given, CODES[::-1])
    assert learned.to_dict() == other.to_dict() != clone(router).fit(given, CODES[::-1].tolist()).to_dict()
    for ids in (CODES.index[1:].append(pd.Index(["x"])), pd.Index(["000", *CODES.index[:-1]]), pd.RangeIndex(8)):
        with pytest.raises(ParameterError, match="受付番号"):
            clone(router).fit(given, CODES.set_axis(ids))


def test_texts_without_ids_are_met_by_position(router: DepartmentRouter) -> None:
    wanted = clone(router).fit(CATS, CODES).to_dict()
    for texts in (CATS.tolist(), as_tokens(CATS.tolist())):
        assert clone(router).fit(texts, CODES).to_dict() == wanted
    with pytest.raises(ParameterError, match="1 件"):
        router.fit(CATS, "D29")
    with pytest.raises(ParameterError, match="課コード"):
        router.fit(CATS, None)  # type: ignore[arg-type]


def test_context_is_met_by_its_ids(router: DepartmentRouter) -> None:
    texts = pd.Series(["もっと増やしてほしい。"] * 3, index=list("abc"))
    asked = pd.Series(["公園について", "バスについて", ""], index=list("abc"))
    wanted = router.predict(texts, asked)
    assert wanted["a"] != wanted["b"]
    for context in (asked[::-1], asked[::-1].to_frame(), asked.tolist()):
        pd.testing.assert_series_equal(router.predict(texts, context), wanted)
        pd.testing.assert_series_equal(router.predict(as_tokens(texts), context), wanted)
    assert router.rank(texts, context=asked[::-1]).groupby("id")["department"].first().to_dict() == wanted.to_dict()
    assert router.predict(texts.tolist(), asked[::-1]).tolist() == wanted.tolist()[::-1]
    for context in (asked.set_axis(list("abd")), asked.reset_index(drop=True), asked[:2], 5, ["公園"]):
        with pytest.raises(ParameterError, match="context"):
            router.predict(texts, context)


def test_the_table_alone_is_enough_for_a_pipeline() -> None:
    steps = Pipeline([("t", Tokenizer()), ("r", DepartmentRouter())])
    pd.testing.assert_series_equal(steps.predict(CATS), DepartmentRouter().predict(CATS))
    pd.testing.assert_series_equal(steps.fit(CATS, CODES[::-1]).predict(CATS), DepartmentRouter().fit(CATS, CODES).predict(CATS))


@pytest.mark.parametrize(("parameters", "message"), [({"departments": 5}, "departments"), ({"departments": ["D1"]}, "departments"), ({"year": "2026"}, "year"), ({"year": 2026.5}, "year")])
def test_parameters_that_are_no_table_and_no_year_are_refused(parameters: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        DepartmentRouter(**parameters).predict(["公園"])  # type: ignore[arg-type]


@pytest.mark.parametrize("n", ["3", None, 2.5, 0])
def test_the_number_of_candidates_is_whole(n: object, router: DepartmentRouter) -> None:
    with pytest.raises(ParameterError, match="n は 1 以上の整数"):
        router.rank(["公園"], n)  # type: ignore[arg-type]


def test_a_plain_string_is_one_matter(router: DepartmentRouter) -> None:
    assert router.departments_for("野良猫") == router.departments_for(["野良猫"])
