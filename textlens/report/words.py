"""The words of a report: headings, names of values, the sentences it must carry, and what it may not say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Template

from textlens import schema
from textlens.errors import DictionaryError, DisclosureError
from textlens.rules import load_rows, read_table
from textlens.text.normalize import normalize

TOTAL = "計"
HIDDEN = "＊"
HELD = "held"
LEGAL = "legal:"
"""Beginning of the label of a finding that points to a law."""

_KINDS = ("id", "text", "label", "flag", "number", "words", "dept", "topic", "attributes")


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of the list of comments; ``profile`` is the widest circle that may see it."""

    name: str
    heading: str
    width: float
    kind: str
    profile: str
    printed: bool = True


def headings(profile: str) -> tuple[Heading, ...]:
    """Return the columns that a profile may show, in their order.

    Raises
    ------
    DictionaryError
        ``report/headings_ja.tsv`` names an unknown kind or profile.

    Examples
    --------
    >>> [h.heading for h in headings("公表")][:3]
    ['番号', '意見（原文）', '主な種別']
    """
    found = []
    for row in read_table("report/headings_ja.tsv"):
        if row["kind"] not in _KINDS or row["profile"] not in schema.PROFILES:
            raise DictionaryError(f"headings_ja.tsv の {row['name']}: kind か profile が正しくありません。")
        if schema.PROFILES.index(row["profile"]) >= schema.PROFILES.index(profile):
            found.append(Heading(row["name"], row["heading"], float(row["width"]), row["kind"], row["profile"], row.get("print") != "0"))
    return tuple(found)


class Labels:
    """Japanese names of the values, and of the departments in use.

    Parameters
    ----------
    departments : mapping of str to str
        Code → name of the 組織表.

    Examples
    --------
    >>> Labels({"D01": "秘書課"})("intent", "complaint"), Labels({"D01": "秘書課"}).department("D01")
    ('苦情', '秘書課')
    """

    def __init__(self, departments: Mapping[str, str] | None = None) -> None:
        self._names = {row["id"]: row["label"] for row in read_table("report/labels_ja.tsv")}
        self._departments = dict(departments or {})

    def __call__(self, group: str, value: object) -> str:
        """Return the name of a value; an unknown value is shown as it is, a missing one as ''."""
        if not isinstance(value, str):
            return ""
        return self._names.get(f"{group}.{value}", value)

    def department(self, code: object) -> str:
        """Return the name of a 課, of an outside body (X0–X4), or of the held rows."""
        if not isinstance(code, str):
            return ""
        if code == HELD:
            return "保留（人が決める）"
        if code in self._departments:
            return self._departments[code]
        return self._names.get(f"outside.{code}", code)

    def finding(self, label: str) -> str:
        """Return the name of a finding's label, whichever analyser gave it."""
        if label.startswith(LEGAL):
            return label.removeprefix(LEGAL)
        for group in ("intent", "polarity", "emotion", "facet", "personal"):
            if f"{group}.{label}" in self._names:
                return self._names[f"{group}.{label}"]
        return self.department(label)


def label_name(label: str, names: Mapping[str, str] | None = None) -> str:
    """Return the Japanese name of a label such as ``is_complaint`` or ``topic=3``; ``names`` come first.

    Examples
    --------
    >>> label_name("is_complaint"), label_name("polarity=negative"), label_name("topic=3", {"topic=3": "話題: 公園"})
    ('苦情', '否定（－）', '話題: 公園')
    """
    if names and label in names:
        return names[label]
    if label.startswith(schema.OWN):
        return f"{label.removeprefix(schema.OWN)}（自分の市の種別）"
    column, _, value = label.partition("=")
    group = "intent" if column.startswith("is_") else column
    return Labels()(group, value or column.removeprefix("is_"))


def value_notes(group: str) -> dict[str, str]:
    """Return what the values of one group mean, by value."""
    rows = read_table("report/labels_ja.tsv")
    return {row["id"].split(".", 1)[1]: row["note"] for row in rows if row["id"].startswith(f"{group}.")}


def sentence(name: str, **values: object) -> str:
    """Return one sentence of ``report/sentences.tsv`` with its figures filled in.

    Raises
    ------
    DictionaryError
        There is no such sentence, it is empty, or a figure it asks for is not given.

    Examples
    --------
    >>> sentence("legal")
    '法的対応の『要確認』は候補です。該当なしの表示は対応不要を意味しません。'
    """
    for row in read_table("report/sentences.tsv"):
        if row["id"] == name and row["text"].strip():
            try:
                return Template(row["text"]).substitute({k: _figure(v) for k, v in values.items()})
            except (KeyError, ValueError):
                raise DictionaryError(f"sentences.tsv の {name}: $ で始まる名前が正しくありません。") from None
    raise DictionaryError(f"sentences.tsv に {name} の文がありません。消さずに、文を書いてください。")


def sentence_fits(name: str, profile: str) -> bool:
    """Return whether a sentence belongs into the outputs of a profile."""
    where = {row["id"]: row["profile"] for row in read_table("report/sentences.tsv")}
    return not where.get(name) or profile in where[name].split(",")


def banned_words(text: str) -> list[str]:
    """Return the ids of the rules of ``report/banned.tsv`` that a piece of report text breaks.

    For the words of the report only: a citizen may write whatever he wants.

    Examples
    --------
    >>> banned_words("市民の３５％が要望しています")
    ['ban-pop-001']
    >>> banned_words(sentence("not_anonymous"))
    []
    """
    copy = normalize(text).text
    return [
        row.id
        for row in load_rows("report/banned.tsv")
        if (re.search(row.term, copy) if row.match == "regex" else row.term in copy)
    ]


def check_words(texts: Iterable[str]) -> None:
    """Stop if the report's own words say what a report may not say (an overlay can bring that in).

    Raises
    ------
    DisclosureError
        With the ids of the broken rules.
    """
    broken = sorted({rule for text in texts for rule in banned_words(text)})
    if broken:
        raise DisclosureError(
            f"報告の文言に使わない言い方が入っています（banned.tsv の {'、'.join(broken)}）。"
            "上書きした辞書（headings_ja・labels_ja・sentences・profiles）の文言を直してください。"
        )


def _figure(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
