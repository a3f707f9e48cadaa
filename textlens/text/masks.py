"""The category words that masking writes, and where they stand: they replace what was said and say nothing themselves."""

from __future__ import annotations

import re

DELETED = "〔削除〕"
PEOPLE = {"private": "住民", "staff": "職員", "family": "家族", "public_figure": "公職者", "deceased": "故人", "unknown": "人物"}
"""Word for each ``schema.SUBJECTS`` that can be a name."""
WORDS = {
    "address": "住所", "phone": "電話番号", "email": "メールアドレス", "postal_code": "郵便番号", "id_number": "番号",
    "birth_date_age": "年齢", "vehicle": "車のナンバー", "account": "口座", "health": "健康のこと", "disability": "障害のこと",
    "family_circumstance": "家庭の事情", "crime": "疑い・評判", "beliefs": "信条・出自", "affiliation": "所属",
}  # fmt: skip
"""Word for each of ``schema.PERSONAL_TYPES``."""
_JOBS = r"[ぁ-んァ-ヶ一-龥・]{2,9}の仕事|学生・生徒|無職・家事"
"""Classes of ``personal/occupations.tsv``."""
MASKED = re.compile(
    rf"【(?:{_JOBS}|" + "|".join([*dict.fromkeys([*PEOPLE.values(), "近隣住民"]), "氏名", "役職", "居所", *WORDS.values()]) + r")\d*(?:→[^】\n]*)?】|" + DELETED
)
"""What masking leaves behind; the finder does not look inside it, so masking twice changes nothing."""
SURELY_MASKED = re.compile(
    rf"【(?:近隣住民\d*|住民\d*|人物\d*|職員\d*|家族\d*|公職者\d*|故人\d*|健康のこと|障害のこと|家庭の事情|疑い・評判|信条・出自|車のナンバー|居所|{_JOBS}|住所→[^】\n]*)】"
    rf"|【(?:氏名|役職|{'|'.join(WORDS.values())})】(?=さん|様|氏|[のはがをにもとでへ、。,.)）】]|から|$)|{DELETED}",
    re.MULTILINE,
)
"""Words that only masking writes (a form may say 【氏名】 itself; then the name follows)."""
