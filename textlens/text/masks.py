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
_FORM = "氏名|役職|住所|電話番号|メールアドレス|郵便番号"
"""Words a form may write in 【 】 itself, at the beginning of a line or behind a space, with the value behind them."""
_ONLY_MASKS = "|".join(word for word in WORDS.values() if word not in _FORM.split("|"))
SURELY_MASKED = re.compile(
    rf"【(?:近隣住民\d*|住民\d*|人物\d*|職員\d*|家族\d*|公職者\d*|故人\d*|居所|{_ONLY_MASKS}|{_JOBS}|住所→[^】\n]*)】"
    rf"|(?<=\S)【(?:{_FORM})】|【(?:{_FORM})】(?=さん|様|氏|[のはがをにもとでへ、。,.)）】]|から|$)|{DELETED}",
    re.MULTILINE,
)
"""Words that only masking writes, or that stand where no form has its headings."""
