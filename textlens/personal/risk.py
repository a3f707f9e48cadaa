"""How much a finding can hurt, and why it was made, in words for the officer."""

from __future__ import annotations

from textlens.personal.marks import MENTION, Mark

SENSITIVE = frozenset({"health", "disability", "family_circumstance", "crime", "beliefs"})
_CONTACT = frozenset({"address", "phone", "email", "postal_code", "vehicle", "account"})
_OTHERS = frozenset({"private", "staff", "unknown", "deceased"})
TYPES_JA = {
    "person_name": "氏名", "address": "住所", "phone": "電話番号", "email": "メールアドレス", "postal_code": "郵便番号",
    "id_number": "番号", "birth_date_age": "生年月日・年齢", "vehicle": "車のナンバー", "account": "口座・アカウント",
    "health": "病気・けが", "disability": "障害", "family_circumstance": "家庭・暮らしの事情", "crime": "犯罪・不正の疑い",
    "beliefs": "信条・出自", "affiliation": "所属", "role": "一人に絞れる役割・居所",
    MENTION: "言及だけ",
}  # fmt: skip
SUBJECTS_JA = {
    "self": "書き手本人", "family": "書き手の家族", "private": "家族でない私人", "staff": "職員・教員など職務の相手",
    "public_figure": "公職者", "deceased": "亡くなった人", "unknown": "誰のことか不明",
}  # fmt: skip


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
        return 0 if kind in ("person_name", "role") else 3 if kind in SENSITIVE else 2
    if kind in SENSITIVE:
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
    '家族でない私人の「犯罪・不正の疑い」（伝聞・推測の書き方）'
    """
    base = f"{SUBJECTS_JA.get(mark.subject, SUBJECTS_JA['unknown'])}の「{TYPES_JA[mark.kind]}」"
    return base + ("（伝聞・推測の書き方）" if hearsay else "")
