"""How much a finding can hurt, and why it was made, in words for the officer."""

from __future__ import annotations

from textlens.personal.marks import FACTS, MENTION, Mark
from textlens.resources import made_from
from textlens.rules import read_table

_CONTACT = frozenset({"address", "phone", "email", "postal_code", "vehicle", "account"})
_OTHERS = frozenset({"private", "staff", "unknown", "deceased"})
_NAMES = "report/labels_ja.tsv"


def risk_of(mark: Mark) -> int:
    """Return 0–3 for one finding.

    Notes
    -----
    3: somebody else's name, sensitive fact or reputation, or an 個人番号; 2: sensitive facts of the writer
    or the family, staff, people singled out by a role, ways to reach somebody; 1: quasi-identifiers; 0: a
    public figure's name in office. Levels are those of the field (要配慮個人情報: 個人情報保護法 第2条第3項).

    Examples
    --------
    >>> risk_of(Mark(0, 2, "health", "private", "fact-001", 0.8)), risk_of(Mark(0, 2, "birth_date_age", "self", "age-years", 0.8))
    (3, 1)
    """
    kind, subject = mark.kind, mark.subject
    if kind == MENTION:
        return 1
    if kind == "id_number":
        return 3
    if subject == "public_figure":
        return 0 if kind in ("person_name", "role") else 3 if kind in FACTS else 2
    if kind in FACTS:
        return 3 if subject in _OTHERS else 2
    if kind == "person_name":
        return 3 if subject in ("private", "unknown", "deceased") else 2
    if kind in _CONTACT:
        return 3 if subject in _OTHERS else 2
    if kind == "role":
        return 1 if subject == "self" else 2
    return 2 if subject in _OTHERS else 1


def reason_of(mark: Mark, hearsay: bool) -> str:
    """Return why the finding was made, without the citizen's words.

    Examples
    --------
    >>> reason_of(Mark(0, 2, "crime", "private", "fact-026", 0.8), True)
    '近隣・知人等の「犯罪・疑い」（伝聞・推測の書き方）'
    """
    names = _names()
    kind = names["facet.third_party" if mark.kind == MENTION else f"personal.{mark.kind}"]
    base = f"{names.get(f'subject.{mark.subject}', names['subject.unknown'])}の「{kind}」"
    return base + ("（伝聞・推測の書き方）" if hearsay else "")


@made_from(_NAMES)
def _names() -> dict[str, str]:
    """Return id → name, as in every report."""
    return {row["id"]: row["label"] for row in read_table(_NAMES)}
