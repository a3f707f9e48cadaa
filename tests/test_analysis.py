"""analyze(): every row accounted for, every column of the contract, the same whatever the processes."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import textlens as tl
from textlens import schema
from textlens.analysis import parts
from textlens.analysis.declared import declared_kinds
from textlens.analysis.frames import check_rows
from textlens.errors import (
    AccountingError,
    AnalysisError,
    ColumnNotFoundError,
    InputFileError,
    ParameterError,
    TextColumnError,
)


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    return tl.read_comments(tl.sample_survey_path())


@pytest.fixture(scope="module")
def result(survey: pd.DataFrame) -> tl.Analysis:
    return tl.analyze(survey, purpose="試験")


def test_rows_in_rows_out_in_order(survey: pd.DataFrame, result: tl.Analysis) -> None:
    assert result.comments.index.tolist() == survey.index.tolist()
    assert result.comments["text"].tolist() == survey["text"].tolist()
    assert int(result.accounting["rows"].iloc[:-1].sum()) == len(survey) == int(result.accounting["rows"].iloc[-1])
    assert set(result.comments["status"]) <= set(schema.STATUSES)


def test_every_column_of_the_contract(result: tl.Analysis) -> None:
    table = result.comments
    assert list(table.columns[: len(schema.COMMENT_COLUMNS)]) == list(schema.COMMENT_COLUMNS)
    read = table[table["status"] == "ok"]
    assert set(table["intent"]) <= set(schema.MAIN_INTENTS)
    assert set(table["polarity"]) <= set(schema.POLARITIES)
    assert set(table["actor"]) <= set(schema.ACTORS) and set(table["target"]) <= set(schema.TARGETS)
    assert read["sentiment"].dropna().between(-1, 1).all() and read["sentiment"].isna().any()
    assert set(table["risk_level"]) <= {0, 1, 2, 3}
    assert {s for t in table["third_party"] for s in t} <= set(schema.THIRD_PARTIES)
    known = {*result.departments["code"], *schema.OUTSIDE}
    assert set(table["department"]) <= known and {c for t in table["departments"] for c in t} <= known
    assert read["topic"].notna().all() and (read["topic"] >= 0).all()
    assert table["duplicate_group"].notna().sum() >= 6
    for name in schema.INTENTS:
        assert table[f"p_{name}"].between(0, 1).all()
        assert table[f"is_{name}"].dtype == bool


def test_the_sample_is_as_varied_as_life(result: tl.Analysis) -> None:
    table = result.comments
    assert all(table[f"is_{name}"].any() for name in schema.INTENTS)
    assert set(table["polarity"]) == set(schema.POLARITIES)
    assert table["legal_check"].any() and table["urgent"].any() and table["held"].any()
    assert table["department"].nunique() > 20 and {"X0", "X1"} <= set(table["department"])


def test_units_rebuild_the_comments(result: tl.Analysis) -> None:
    read = result.comments[result.comments["status"] == "ok"]
    rebuilt = result.units.groupby("id", sort=False)["text"].agg("".join)
    assert rebuilt.reindex(read.index).tolist() == read["text"].tolist()
    assert len(result.units) > len(read)


def test_findings_point_into_the_text(result: tl.Analysis) -> None:
    lengths = result.comments["text"].str.len()
    f = result.findings
    assert list(f.columns) == list(schema.FINDING_COLUMNS)
    assert (f["start"] < f["end"]).all() and (f["end"] <= f["id"].map(lengths)).all()
    labelled = result.comments.index[result.comments["is_complaint"]]
    with_reason = set(f["id"])
    assert sum(i in with_reason for i in labelled) / len(labelled) > 0.97


def test_topics_balance(result: tl.Analysis) -> None:
    sizes = result.comments["topic"].value_counts()
    for row in result.topics.itertuples():
        assert sizes[row.topic] == row.size
        assert set(row.representatives) <= set(result.comments.index[result.comments["topic"] == row.topic])
    assert result.topics["label"].str.len().gt(0).all()


@pytest.mark.slow
def test_same_to_the_last_bit_however_many_are_read_at_a_time(survey: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    some = survey.iloc[:120]
    whole = tl.analyze(some, n_topics=0)
    monkeypatch.setattr("textlens.analysis.parts.CHUNK", 7)
    pieces = tl.analyze(some, n_topics=0)
    for name in ("comments", "units", "findings"):
        pd.testing.assert_frame_equal(getattr(pieces, name), getattr(whole, name), check_exact=True)


def test_processes_do_not_matter(survey: pd.DataFrame, result: tl.Analysis) -> None:
    other = tl.analyze(survey, purpose="試験", n_jobs=2)
    pd.testing.assert_frame_equal(other.comments, result.comments)
    pd.testing.assert_frame_equal(other.units, result.units)
    pd.testing.assert_frame_equal(other.findings, result.findings)
    assert other.run == result.run


def test_save_and_load(tmp_path, result: tl.Analysis) -> None:  # type: ignore[no-untyped-def]
    again = tl.load(result.save(tmp_path / "表"))
    pd.testing.assert_frame_equal(again.comments, result.comments, check_dtype=False)
    pd.testing.assert_frame_equal(again.findings, result.findings, check_dtype=False)
    assert again.run == result.run and again.attributes == result.attributes


FOUR = ["窓口の方が親切で助かりました。\r街灯をつけてほしい。", "公園の草がひどくて困っています\ud800。", "\0", "公園の遊具が古い。"]
IDS = {
    "named": pd.Index(["00017", "b", "c", "d"], name="受付番号"),
    "numbers": pd.RangeIndex(4),
    "days": pd.DatetimeIndex(["2024-04-01", "2024-04-02", "2024-04-03", "2024-04-04"]),
    "times": pd.date_range("2024-04-01 10:00:00.5", periods=4, tz="Asia/Tokyo"),
    "months": pd.period_range("2024-04", periods=4, freq="M"),
    "mixed": pd.Index([np.int64(3), "x", datetime.date(2024, 4, 1), 2.5], dtype=object),
    "parts": pd.MultiIndex.from_tuples([("道路", 3), ("公園", 4), ("公園", 5), ("道路", 6)], names=["課", "番号"]),
}


def four(ids: pd.Index) -> pd.DataFrame:
    """Comments that are hard to keep in a file, with attributes of every type."""
    return pd.DataFrame(
        {
            "text": pd.Series(FOUR, dtype=object).to_numpy(), "年代": ["20代", None, "", "30代"], "性別": ["男", None, "女", None],
            "日": pd.to_datetime(["2024-04-01", None, "2024-04-02", "2024-04-03"]), "id": [1, 2, 3, 4], "回答": [True, False, True, True],
            "地区": pd.Categorical(["西", None, "東", "西"], categories=["東", "西"], ordered=True), 3: [1.1, np.nan, 1 / 3, 4],
            "ご意見の種類": ["苦情", "お礼", "", ""],
        },
        index=ids,
    )  # fmt: skip


@pytest.mark.parametrize("name", IDS)
def test_every_part_comes_back_from_a_folder(tmp_path: Path, name: str) -> None:
    corrections = pd.DataFrame({"id": ["00017"], "field": ["intent"], "new": ["要望"], "who": ["係"], "when": ["2026-01-01"]})
    made = tl.analyze(four(IDS[name]), n_topics=2, corrections=corrections if name == "named" else None)
    again = tl.load(made.save(tmp_path / "表"))
    assert made.disagreements is not None and len(made.disagreements)
    for table in ("comments", "units", "findings", "topics", "departments", "disagreements", "corrections"):
        if getattr(made, table) is None:
            assert getattr(again, table) is None
        else:
            pd.testing.assert_frame_equal(getattr(again, table), getattr(made, table), check_exact=True, check_freq=False)
    assert again.run == made.run and again.attributes == made.attributes and "3" in made.attributes
    first = IDS[name][0]
    pd.testing.assert_frame_equal(pd.DataFrame(again.explain(first)), pd.DataFrame(made.explain(first)))
    assert len(again.explain(first)) and again.to_excel(tmp_path / "結果.xlsx").is_file()


def test_parts_that_are_gone_leave_no_file(tmp_path: Path) -> None:
    folder = tl.analyze(four(IDS["named"]), n_topics=0).save(tmp_path / "表")
    assert (folder / "disagreements.csv").is_file()
    tl.analyze(four(IDS["named"]).drop(columns="ご意見の種類"), n_topics=0).save(folder)
    assert tl.load(folder).disagreements is None and not (folder / "disagreements.csv").exists()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, result: tl.Analysis) -> Path:
    return result.save(tmp_path_factory.mktemp("保存") / "表")


def changed(folder: Path, tmp_path: Path, name: str, data: bytes) -> Path:
    """Return a copy of a saved analysis in which one file holds something else."""
    copy = tmp_path / "表"
    copy.mkdir()
    for path in folder.iterdir():
        (copy / path.name).write_bytes(data if path.name == name else path.read_bytes())
    return copy


@pytest.mark.parametrize(("true", "false"), [("TRUE", "FALSE"), ("true", "false"), ("1", "0")])
def test_flags_that_excel_wrote_again(tmp_path: Path, folder: Path, result: tl.Analysis, true: str, false: str) -> None:
    table = (folder / "comments.csv").read_text(encoding="utf-8-sig").replace("True", true).replace("False", false)
    again = tl.load(changed(folder, tmp_path, "comments.csv", table.encode("utf-8-sig")))
    flags = [name for name in result.comments if result.comments[name].dtype == bool]
    pd.testing.assert_frame_equal(again.comments[flags], result.comments[flags])
    assert not again.comments["urgent"].all()


def edited(folder: Path, column: str, row: int, value: str) -> bytes:
    cells = pd.read_csv(folder / "comments.csv", dtype=object, keep_default_na=False, encoding="utf-8-sig")
    cells.loc[row - 2, column] = value
    return cells.to_csv(index=False).encode("utf-8-sig")


@pytest.mark.parametrize(
    ("column", "value"), [("urgent", "はい"), ("urgent", ""), ("held", "2"), ("sentiment", "秘密"), ("topic", "三"), ("third_party", "家族")]
)
def test_a_cell_that_cannot_be_read_is_named(tmp_path: Path, folder: Path, column: str, value: str) -> None:
    with pytest.raises(InputFileError, match=rf"comments.csv の 5 行目.*「{column}」") as error:
        tl.load(changed(folder, tmp_path, "comments.csv", edited(folder, column, 5, value)))
    assert error.value.__context__ is None and "秘密" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("comments.csv", b"", "comments.csv が空か"),
        ("units.csv", "番号,文\n1,秘密".encode("cp932"), "units.csv が空か、UTF-8"),
        ("findings.csv", b"id,unit\n1,2", "findings.csv に列"),
        ("topics.csv", b"\xef\xbb\xbf", "topics.csv が空か"),
        ("manifest.json", b"", "manifest.json が壊れて"),
        ("manifest.json", b"{}", "manifest.json が壊れて"),
        ("manifest.json", b'{"types": ', "manifest.json が壊れて"),
        ("manifest.json", b"\xff\xfe", "manifest.json が壊れて"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, folder: Path, name: str, data: bytes, message: str) -> None:
    with pytest.raises(InputFileError, match=message) as error:
        tl.load(changed(folder, tmp_path, name, data))
    assert error.value.__context__ is None


def test_numbers_whose_zeros_excel_took_are_told(tmp_path: Path, folder: Path) -> None:
    cells = pd.read_csv(folder / "comments.csv", dtype=object, keep_default_na=False, encoding="utf-8-sig")
    cells["id"] = cells["id"].str.lstrip("0")
    with pytest.raises(InputFileError, match="units.csv の番号.*先頭の 0"):
        tl.load(changed(folder, tmp_path, "comments.csv", cells.to_csv(index=False).encode("utf-8-sig")))


def test_what_an_older_version_saved_is_read(tmp_path: Path, folder: Path, result: tl.Analysis) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    del manifest["ids"], manifest["empty"]
    manifest["types"]["comments"] |= {"third_party": "object", "departments": "object"}
    old = json.dumps({**manifest, "index": "str"}).encode()
    again = tl.load(changed(folder, tmp_path, "manifest.json", old))
    pd.testing.assert_frame_equal(again.comments, result.comments, check_dtype=False)
    assert again.run == result.run


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path, result: tl.Analysis) -> None:
    (tmp_path / "表").write_text("前からある")
    with pytest.raises(ParameterError, match="表 はファイルです"):
        result.save(tmp_path / "表")


def test_explain_quotes_the_comment(result: tl.Analysis) -> None:
    some = result.findings["id"].iloc[0]
    words = result.explain(some)["words"]
    assert len(words) and all(w in result.comments.at[some, "text"] for w in words)
    with pytest.raises(ParameterError):
        result.explain("ない番号")


def test_nasty_rows_keep_their_place() -> None:
    texts = ["", None, "特になし", "。", "\0", "長い" * 20_000, "公園が狭い"]
    table = tl.analyze(pd.DataFrame({"text": texts}), n_topics=0).comments
    assert table["status"].tolist() == ["blank", "blank", "no_content", "no_content", "no_content", "too_long", "ok"]
    assert table["is_complaint"].dtype == bool and table["is_complaint"].tolist() == [False] * 6 + [True]
    assert table["held"].iloc[5] and table["third_party"].map(len).sum() == 0 and pd.isna(table["p_complaint"].iloc[5])
    assert table["intent"].iloc[:5].eq("none").all()


def test_a_row_that_breaks_an_analyser_is_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    """One strange text must not cost the year's survey; and what breaks on every row must not look like a result."""
    whole = parts.analyze_part

    def breaks(texts: pd.Series, *rest: object) -> parts.Part:
        if texts.str.contains("秘密").any():
            raise RuntimeError("秘密の花子さん")
        return whole(texts, *rest)

    monkeypatch.setattr(parts, "analyze_part", breaks)
    table = pd.DataFrame({"text": ["公園が狭い。", "秘密の花子さん", "ありがとう。", "バスが来ない。"]}, index=["a", "b", "c", "d"])
    result = tl.analyze(table, n_topics=0)
    assert result.comments["status"].tolist() == ["ok", "failed", "ok", "ok"] and result.comments.at["b", "held"]
    assert result.units["id"].unique().tolist() == ["a", "c", "d"]
    with pytest.raises(AnalysisError, match="RuntimeError") as caught:
        tl.analyze(pd.DataFrame({"text": ["秘密の花子さん"] * 50}), n_topics=0)
    assert "花子" not in str(caught.value) and caught.value.__context__ is None


def test_a_declared_kind_wins_and_disagreements_are_listed() -> None:
    table = pd.DataFrame(
        {"text": ["公園の草がひどくて困っています。", "街灯をつけてほしい。", "バスが遅い。"], "ご意見の種類": ["苦情", "お礼", ""]},
        index=["a", "b", "c"],
    )
    result = tl.analyze(table, n_topics=0)
    assert result.comments["intent"].tolist()[:2] == ["complaint", "praise"]
    assert result.comments.at["b", "is_request"] and result.comments.at["b", "is_praise"]
    assert result.disagreements is not None and result.disagreements["id"].tolist() == ["b"]
    assert result.comments["ご意見の種類"].tolist() == ["苦情", "お礼", ""]


def test_several_declared_kinds_all_win() -> None:
    cells = ["苦情、要望", "1 苦情", "③感謝・応援", "ご意見・ご要望", "お礼/相談", "その他", "", "要望"]
    assert declared_kinds(pd.Series(cells)).tolist() == [
        ("complaint", "request"), ("complaint",), ("praise",), ("request",), ("praise", "question"), (), (), ("request",),
    ]  # fmt: skip
    table = pd.DataFrame({"text": ["街灯をつけてほしい。"], "ご意見の種類": ["苦情、要望"]}, index=["a"])
    result = tl.analyze(table, n_topics=0)
    row = result.comments.loc["a"]
    assert row["intent"] == "request" and row["is_complaint"] and row["is_request"]
    assert result.disagreements is not None and result.disagreements["declared_intent"].tolist() == ["complaint"]


def test_empty_table() -> None:
    assert len(tl.analyze(pd.DataFrame({"text": pd.Series([], dtype=object)})).comments) == 0


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: tl.analyze(["文"]), ParameterError, "DataFrame"),  # type: ignore[arg-type]
        (lambda: tl.analyze(pd.DataFrame({"意見": ["文"]})), ColumnNotFoundError, "ある列: 意見"),
        (lambda: tl.analyze(pd.DataFrame({"text": ["文", 5]})), TextColumnError, "2 件目"),
        (lambda: tl.analyze(pd.DataFrame({"text": ["文", "文"]}, index=["a", "a"])), ParameterError, "重なって"),
        (lambda: tl.analyze(pd.DataFrame({"text": ["文"]}), record_type="mail"), ParameterError, "record_type"),
        (lambda: tl.analyze(pd.DataFrame({"text": ["文"]}), n_topics=-1), ParameterError, "n_topics"),
        (lambda: tl.analyze(pd.DataFrame({"text": ["文"]}), n_jobs=0), ParameterError, "n_jobs"),
    ],
)
def test_wrong_calls(call, error, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(error, match=message):
        call()


def table(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame({"text": ["道が暗い。", "特になし"], **columns})


@pytest.mark.parametrize(
    ("comments", "options", "error", "message"),
    [
        (table(), {"random_state": None}, ParameterError, "random_state は 0 以上"),
        (table(), {"random_state": "a"}, ParameterError, "random_state は 0 以上"),
        (table(), {"random_state": -1}, ParameterError, "random_state は 0 以上"),
        (table(), {"random_state": True}, ParameterError, "random_state は 0 以上"),
        (table(), {"random_state": 2**32}, ParameterError, "未満"),
        (table(), {"n_topics": 2.5}, ParameterError, "n_topics は 0 以上の整数か None"),
        (table(), {"n_topics": "三"}, ParameterError, "n_topics は"),
        (table(), {"n_jobs": None}, ParameterError, "n_jobs は 1 以上の整数"),
        (table(), {"n_jobs": "2"}, ParameterError, "n_jobs は"),
        (table(), {"models": None}, ParameterError, "models には"),
        (table(), {"models": 5}, ParameterError, "models には"),
        (table(), {"departments": 5}, ParameterError, "departments には"),
        (table(), {"corrections": 5}, ParameterError, "corrections には"),
        (table(), {"purpose": 5}, ParameterError, "purpose には"),
        (table(status=["済", "済"]), {}, ParameterError, "同じ名前の列.*: status"),
        (table(意見=["文", "文"]), {"text": "意見"}, ParameterError, "同じ名前の列.*: text"),
        (table(年代=["a", "b"]), {"attributes": ["無い列"]}, ColumnNotFoundError, "「無い列」.*ある列: text、年代"),
        (table(年代=["a", "b"]), {"attributes": "無い列"}, ColumnNotFoundError, "「無い列」"),
        (table(), {"attributes": 5}, ParameterError, "attributes には"),
        (table(), {"text": ["text"]}, ParameterError, "text には"),
        (table().set_axis(["a", "b"]).T.set_axis(["r"]).set_axis(["text", "text"], axis=1), {}, ParameterError, "「text」という列が 2 つ"),
        (table(a=["1", "2"], b=["1", "2"]).set_axis(["text", "年代", "年代"], axis=1), {}, ParameterError, "同じ名前の列.*年代"),
        (table().set_axis(["a", None]), {}, ParameterError, "空の行が 1 件"),
        (table().set_axis([1.0, np.nan]), {}, ParameterError, "空の行が 1 件"),
        (table().set_axis([True, False]), {}, ParameterError, "真偽値"),
        (table().set_axis(pd.Index([1, "1"], dtype=object)), {}, ParameterError, "文字にすると同じ"),
    ],
)
def test_what_cannot_be_used_is_refused_before_any_work(monkeypatch, comments, options, error, message: str) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("textlens.analysis.pipeline.row_status", lambda texts: pytest.fail("work was begun"))
    with pytest.raises(error, match=message):
        tl.analyze(comments, **options)


def test_a_result_is_not_read_as_comments(result: tl.Analysis) -> None:
    with pytest.raises(ParameterError, match="status、intent"):
        tl.analyze(result.comments)


def test_one_attribute_may_be_named_by_itself() -> None:
    assert tl.analyze(table(年代=["20代", "30代"], 性別=["男", "女"]), attributes="年代", n_topics=0).attributes == ["年代"]


def test_texts_of_other_types_are_read_alike() -> None:
    plain = tl.analyze(table(), n_topics=0).comments
    for kind in ("category", "string", object):
        pd.testing.assert_frame_equal(tl.analyze(table().astype({"text": kind}), n_topics=0).comments, plain, check_dtype=False)
    of_numpy = pd.DataFrame({"text": pd.Series([np.str_(text) for text in table()["text"]], dtype=object)})
    pd.testing.assert_frame_equal(tl.analyze(of_numpy, n_topics=np.int64(0), random_state=np.int64(0)).comments, plain, check_dtype=False)
    missing = pd.DataFrame({"text": pd.Categorical(["道が暗い。", None])})
    assert tl.analyze(missing, n_topics=0).comments["text"].tolist() == ["道が暗い。", ""]


def test_the_run_stops_when_rows_do_not_balance() -> None:
    with pytest.raises(AccountingError, match="前 3 件、後 2 件"):
        check_rows("試験", 3, 2)
