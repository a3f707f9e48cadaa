"""What a 課 reads beside a masked text must not give the masked words back."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from textlens.commands.distribute import HIDDEN_REASON, _without_hidden_words
from textlens.errors import DictionaryError
from textlens.report.profiles import load_profile
from textlens.rules import use_dictionaries


def test_reasons_do_not_quote_masked_words() -> None:
    reasons = ["「統合失調」＝障害者福祉、「車いす」＝バリアフリー", "「統合失調」＝障害者福祉", "「道路」＝道路"]
    candidates = pd.DataFrame({"id": [1, 1, 2], "reason": reasons})
    raw = pd.Series({1: "妹は統合失調症で車いすです", 2: "道路に穴"})
    masked = pd.Series({1: "妹は【健康のこと】で車いすです", 2: "道路に穴"})
    assert _without_hidden_words(candidates, raw, masked)["reason"].tolist() == ["「車いす」＝バリアフリー", HIDDEN_REASON, "「道路」＝道路"]


def test_a_switch_that_is_neither_0_nor_1_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "profiles.tsv").write_text("setting\t担当内\t庁内共有\t公表\nconsent\t0\t0\t１\n", encoding="utf-8")
    use_dictionaries(tmp_path)
    try:
        with pytest.raises(DictionaryError, match="半角の 0 か 1"):
            load_profile("公表")
    finally:
        use_dictionaries(None)
