"""An office's own labels as they come: in Japanese, in another order, missing, all alike, or no labels at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import PredefinedSplit, cross_val_score

import textlens as tl
from textlens import cli
from textlens.errors import InputFileError, ParameterError
from textlens.evaluation import class_report, cross_predict, group_folds, label_conflicts, svm_baseline
from textlens.intent.own_labels import label_table, split_label

THINGS = "門柵灯椅子机橋池塔床"
TEXTS = pd.Series([f"公園の{x}が壊れていて困る" for x in THINGS] + [f"駅に{x}を置いてほしい" for x in THINGS] + ["親切でした", "きれいな町です"])
WRITTEN = pd.Series(["苦情"] * 10 + ["要望"] * 10 + ["感謝"] * 2)


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("苦情、要望", ["苦情", "要望"]), ("苦情・要望", ["苦情", "要望"]), ("道路・交通", ["道路・交通"]), ("ご意見・ご要望", ["ご意見・ご要望"]),
        ("おねがい ごと", ["おねがい ごと"]), ("感謝・評価", ["感謝・評価"]), ("", []),
    ],
)  # fmt: skip
def test_cells_are_split_where_they_hold_several(cell: str, parts: list[str]) -> None:
    assert split_label(cell) == parts


def test_japanese_names_are_ours() -> None:
    assert tl.IntentClassifier().fit(TEXTS, WRITTEN).learnt_.names == ("complaint", "praise", "request")


def test_labels_follow_the_ids_and_not_the_order() -> None:
    shuffled = WRITTEN.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(label_table(shuffled, TEXTS.index), label_table(WRITTEN, TEXTS.index))
    by_place = label_table(WRITTEN.set_axis(range(100, 122)), TEXTS.index)
    pd.testing.assert_frame_equal(by_place, label_table(WRITTEN, TEXTS.index))


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (pd.DataFrame({"complaint": [np.nan] * 22}), "空欄"),
        (pd.DataFrame({"complaint": ["いいえ"] * 22}), "真偽"),
        (["苦情"] * 21 + [""], "22 件目のラベルが空"),
        (["苦情"] * 21 + [None], "22 件目のラベルが読めません"),
        ([{"complaint": 0.1}] * 22, "読めません"),
        (["苦情"] * 21 + ["隣の家の犬がうるさくて困っています。"], "22 件目のラベルは種別の名前に見えません"),
        (["苦情"] * 22, "どの文にも同じラベル"),
        (["苦情"] * 3, "同じ件数"),
    ],
)
def test_labels_that_cannot_be_learnt_from(labels: object, message: str) -> None:
    with pytest.raises(ParameterError, match=message) as caught:
        tl.IntentClassifier().fit(TEXTS, labels)  # type: ignore[arg-type]
    assert "犬" not in str(caught.value)


def test_a_label_that_all_texts_have_is_left_as_it_ships() -> None:
    model = tl.IntentClassifier().fit(TEXTS, [{"苦情", "要望"}] * 20 + [{"苦情"}] * 2)
    assert model.learnt_.names == ("request",)


def test_what_to_label_next_is_doubtful_and_never_twice_the_same() -> None:
    own = tl.IntentClassifier().fit(TEXTS, ["設備"] * 10 + ["置物"] * 10 + ["その他"] * 2)
    pool = pd.Series(["公園の柵が壊れていて困る", "", "駅か公園に柵を", " 駅か公園に柵を", "駅か公園に柵を"])
    assert own.suggest_next(pool, 5).tolist() == [2, 0]  # the office's labels are ours to doubt too
    with pytest.raises(ParameterError, match="1 以上"):
        own.suggest_next(pool, 0)


def test_a_label_a_method_cannot_give_is_not_counted_as_wrong() -> None:
    truth = pd.DataFrame({"a": [True, False], "x": [False, True]})
    table = class_report(truth, truth[["a"]]).set_index("label")
    assert np.isnan(table.loc["x", "f1"]) and table.loc["macro", "f1"] == 1 and table.loc["macro", "n_labels"] == 1


def test_svm_sees_only_the_training_fold() -> None:
    labels = pd.get_dummies(WRITTEN).astype(bool)
    given = cross_predict(TEXTS, labels, svm_baseline, n_folds=4)
    assert given.sum(axis=1).eq(1).all() and (given["苦情"][:10]).mean() > 0.8
    several = labels.assign(苦情=labels["苦情"] | labels["感謝"], 全部=True)
    both = svm_baseline(TEXTS, several, TEXTS)
    assert both["全部"].all() and both["苦情"].tolist() == several["苦情"].tolist()
    noise = pd.DataFrame({"a": np.random.default_rng(0).random(22) < 0.5, "b": False})
    fair = (cross_predict(TEXTS, noise, svm_baseline, n_folds=4)["a"] == noise["a"]).mean()
    assert fair < 0.8  # a leak would give 1


def test_equal_texts_with_different_labels() -> None:
    labels = pd.DataFrame({"a": [True, False, True, True]})
    assert label_conflicts(pd.Series(["同じ", "同 じ", "別", "別"], index=list("wxyz")), labels) == [["w", "x"]]


def test_a_broken_model_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_text('{"kind": "IntentClassifier", "state": {"x": 1}, "parameters": {}}', encoding="utf-8")
    with pytest.raises(InputFileError, match=r"m\.json の中身"):
        tl.load_model(path)


def test_the_router_does_not_quote_a_text_given_as_a_code() -> None:
    with pytest.raises(ParameterError, match=r"1 種類あります。") as caught:
        tl.DepartmentRouter().fit(TEXTS, ["隣の家の犬がうるさい"] * 22)
    assert "犬" not in str(caught.value)
    with pytest.raises(ParameterError, match="Z99"):
        tl.DepartmentRouter().fit(TEXTS, ["Z99"] * 22)


def _file(folder: Path, labels: list[str], heading: str = "種別") -> Path:
    path = folder / "昨年.csv"
    pd.DataFrame({"受付番号": range(1, 23), "自由意見": TEXTS, heading: labels}).to_csv(path, index=False, encoding="utf-8-sig")
    return path


def _run(*parts: object) -> int:
    return cli.main([str(part) for part in parts])


def test_evaluate_with_labels_that_are_not_ours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _file(tmp_path, ["設備 の声"] * 10 + ["置物"] * 11 + ["その他"])
    assert _run("evaluate", path, "--label", "種別", "--out", tmp_path / "精度") == 0
    said = capsys.readouterr().out
    assert "付属のまま: 測れません" in said and "線形 SVM: macro F1" in said and "5 件に満たないラベルが 1 種類" in said
    confusion = pd.read_excel(tmp_path / "精度" / "精度.xlsx", sheet_name="混同行列", header=2, index_col=0, engine="openpyxl")
    assert set(confusion.index) == {"設備 の声", "置物", "その他"} and confusion.to_numpy().sum() == 22
    assert confusion.loc["その他"].sum() == 1 and confusion.loc["その他", "その他"] == 0  # one example cannot be learnt and then found
    card = (tmp_path / "精度" / "モデルカード.md").read_text(encoding="utf-8")
    assert "| 付属のまま | 置物 | － | － | － | 11 |" in card and "macro（3）" in card


@pytest.mark.parametrize(
    ("labels", "message"),
    [(["苦情"] * 22, "1 種類しかない"), ([f"{t}です。" for t in TEXTS], "種別の列を --label に"), (["苦情"] * 21 + [TEXTS[0] * 3], "見えないもの")],
)
def test_columns_that_cannot_be_measured(labels: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("evaluate", _file(tmp_path, labels), "--label", "種別", "--out", tmp_path / "精度") == 2
    said = capsys.readouterr().err
    assert message in said and "公園" not in said
    assert not (tmp_path / "精度").exists()


def test_rows_without_a_label_are_told_and_the_next_ones_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "続き.csv"
    more = pd.Series(["公園の門を直してほしいし困る", "駅の机はどうなのか"])
    table = pd.DataFrame({"受付番号": range(1, 25), "自由意見": pd.concat([TEXTS, more]), "種別": [*WRITTEN, "", ""]})
    table.to_csv(path, index=False, encoding="utf-8-sig")
    assert _run("train", path, "--label", "種別", "--out", tmp_path / "m.json", "--suggest", tmp_path / "次.csv") == 0
    assert "ラベルのない 2 行は使いません" in capsys.readouterr().out
    following = pd.read_csv(tmp_path / "次.csv", dtype=str)
    assert set(following["番号"]) <= {"23", "24"} and len(following) and "公園" not in (tmp_path / "次.csv").read_text(encoding="utf-8-sig")
    assert _run("train", _file(tmp_path, WRITTEN.tolist()), "--label", "種別", "--out", tmp_path / "m2.json", "--suggest", tmp_path / "x.csv") == 2
    assert not (tmp_path / "m2.json").exists()


def test_evaluate_departments_beside_counting_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _file(tmp_path, ["D48"] * 10 + ["D47"] * 10 + ["D06"] * 2, "担当課")
    assert _run("evaluate", path, "--label", "担当課", "--kind", "department", "--out", tmp_path / "精度", "--folds", "3") == 0
    said = capsys.readouterr().out
    assert "基準: 組織表の語を数える: macro F1" in said and "基準: 文字の並び＋線形 SVM: macro F1" in said
    assert "D48 公園緑地課" in (tmp_path / "精度" / "モデルカード.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("labels", [{"a": "苦情", "b": "要望"}, "苦情", None, 5])
def test_what_is_no_row_of_labels_is_refused(labels: object) -> None:
    with pytest.raises(ParameterError, match="ラベルには並び"):
        label_table(labels, pd.Index(["a", "b"]))  # type: ignore[arg-type]


def test_scikit_learns_cross_validation_takes_the_classifier() -> None:
    texts = pd.Series([f"{text}{number}" for text in ("街灯をつけてください。", "窓口の方が親切でした。", "避難所を増やすべきだ。") for number in range(8)])
    labels = pd.Series(np.repeat(["要望", "感謝", "防災"], 8))
    scores = cross_val_score(tl.IntentClassifier(), texts, labels, cv=PredefinedSplit(group_folds(texts, 4)), error_score="raise")
    assert len(scores) == 4 and scores.min() > 0.8
    wrong = labels.map({"要望": "感謝", "感謝": "要望", "防災": "防災"})
    assert tl.IntentClassifier().fit(texts, labels).score(texts, wrong) < 0.4
