"""analyze(): every row accounted for, every column of the contract, the same whatever the processes."""

from __future__ import annotations

import pandas as pd
import pytest

import textlens as tl
from textlens import schema
from textlens.analysis.declared import declared_kinds
from textlens.analysis.frames import check_rows
from textlens.errors import AccountingError, ColumnNotFoundError, ParameterError, TextColumnError


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
    monkeypatch.setattr("textlens.analysis.pipeline.CHUNK", 7)
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
    assert pd.isna(table["is_complaint"].iloc[5]) and table["is_complaint"].iloc[6]
    assert table["intent"].iloc[:5].eq("none").all()


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


def test_the_run_stops_when_rows_do_not_balance() -> None:
    with pytest.raises(AccountingError, match="前 3 件、後 2 件"):
        check_rows("試験", 3, 2)
