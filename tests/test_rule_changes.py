"""What a change of rules did to earlier labels: every change is listed, with the evidence that came and went."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.report_sample import fake_analysis
from textlens.errors import ParameterError
from textlens.tables.changes import changed_labels, changed_rules


def two() -> tuple:
    return fake_analysis(), fake_analysis()


def test_nothing_changed_is_an_empty_list() -> None:
    assert changed_labels(*two()).empty


def test_a_lost_cue_and_a_moved_weight_are_told_apart() -> None:
    before, after = two()
    first, *_, last = after.comments.index[after.comments["status"] == "ok"]
    after.comments.loc[first, "is_complaint"] = not before.comments.at[first, "is_complaint"]
    after.findings = after.findings[~((after.findings["id"] == first) & (after.findings["label"] == "complaint"))]
    after.comments.loc[last, "is_praise"] = not before.comments.at[last, "is_praise"]
    after.comments.loc[last, "p_praise"] = 0.123
    table = changed_labels(before, after).set_index("column")
    assert table["id"].to_dict() == {"is_complaint": first, "is_praise": last}
    assert table.at["is_complaint", "reason"] == "rules" and table.at["is_complaint", "lost"][0].endswith("「困る」") and table.at["is_complaint", "gained"] == ()
    assert table.at["is_praise", "reason"] == "weights"


def test_a_correction_by_staff_is_no_change_of_rules() -> None:
    before, after = two()
    first = after.comments.index[after.comments["status"] == "ok"][0]
    before.comments.loc[first, "is_question"] = not after.comments.at[first, "is_question"]
    assert changed_labels(before, after)["reason"].tolist() == ["other"]


def test_other_texts_under_the_same_number_are_not_compared() -> None:
    before, after = two()
    before.comments["text"] = before.comments["text"] + "。"
    with pytest.raises(ParameterError, match="同じ番号で同じ文"):
        changed_labels(before, after)


def test_files_and_versions_that_differ_are_named() -> None:
    old = {"versions": {"textlens": "0.1.0", "numpy": "2"}, "dictionaries": {"intent/cues.tsv": "aaaaaaaaaa", "gone.tsv": "b"}}
    new = {"versions": {"textlens": "0.2.0", "numpy": "2"}, "dictionaries": {"intent/cues.tsv": "cccccccccc"}}
    assert changed_rules(old, new).to_numpy().tolist() == [
        ["version", "textlens", "0.1.0", "0.2.0"], ["dictionary", "gone.tsv", "b", ""], ["dictionary", "intent/cues.tsv", "aaaaaaaa", "cccccccc"],
    ]  # fmt: skip
    assert changed_rules(new, new).empty and isinstance(changed_rules(new, new), pd.DataFrame)
