"""The report's own words: complete, Japanese, and never more than is known."""

from __future__ import annotations

import pytest

from tests.report_sample import fake_analysis
from textlens import schema
from textlens.errors import DictionaryError
from textlens.report.profiles import load_profile
from textlens.report.provenance import method_rows
from textlens.report.words import Labels, banned_words, headings, sentence, sentence_fits
from textlens.rules import read_table


@pytest.mark.parametrize(
    ("group", "values"),
    [("status", schema.STATUSES), ("intent", schema.MAIN_INTENTS), ("polarity", schema.POLARITIES), ("emotion", schema.EMOTIONS), ("actor", schema.ACTORS),
     ("target", schema.TARGETS), ("subject", schema.SUBJECTS), ("personal", schema.PERSONAL_TYPES), ("outside", tuple(schema.OUTSIDE)), ("record_type", schema.RECORD_TYPES)],
)  # fmt: skip
def test_every_value_has_a_japanese_name(group: str, values: tuple[str, ...]) -> None:
    names = [Labels()(group, v) for v in values]
    assert len(set(names)) == len(values) and not set(names) & set(values)


def test_no_fixed_text_of_ours_is_banned() -> None:
    files = ("headings_ja", "labels_ja", "sentences", "profiles")
    texts = [cell for f in files for row in read_table(f"report/{f}.tsv") for name, cell in row.items() if name != "attributes"]
    counts = dict.fromkeys(("rows", "read", "units", "hidden_cells"), 1)
    texts += [value for pair in method_rows(fake_analysis(), load_profile("公表"), counts, {}) for value in pair]
    assert [(t, banned_words(t)) for t in texts if banned_words(t)] == []


@pytest.mark.parametrize(
    "text",
    ["このファイルは匿名加工情報です", "仮名加工済み", "個人情報の問題なし", "判定: 対応不要", "市民の３５％が要望", "多くの市民が不満", "値上げによって苦情が増えました", "安全です", "個人情報は含まれていません"],
)  # fmt: skip
def test_what_a_report_may_not_say(text: str) -> None:
    assert banned_words(text)


def test_sentences_need_their_figures_and_say_them() -> None:
    assert "1,234 件あります（うち要配慮の可能性 5 件）" in sentence("third_party", third_party=1234, sensitive=5)
    with pytest.raises(DictionaryError, match="third_party"):
        sentence("third_party", third_party=3)
    with pytest.raises(DictionaryError, match="ない文"):
        sentence("ない文")
    assert sentence_fits("residual", "公表") and not sentence_fits("residual", "担当内") and sentence_fits("legal", "担当内")


def test_stricter_profiles_have_fewer_columns_and_printed_ones_come_first() -> None:
    wide, shared, public = ([h.name for h in headings(p)] for p in schema.PROFILES)
    assert set(public) < set(shared) < set(wide) and "attributes" not in public
    printed = [h.printed for h in headings("担当内")]
    assert printed == sorted(printed, reverse=True)


def test_every_column_of_the_contract_is_shown_inside_the_office() -> None:
    hidden = {f"p_{n}" for n in schema.INTENTS} | {f"is_{n}" for n in schema.INTENTS}
    assert set(schema.COMMENT_COLUMNS) - hidden <= {h.name for h in headings("担当内")}
