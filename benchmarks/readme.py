"""Put measured figures where people read them: README.md, docs/accuracy.md and ``dictionaries/report/measured.tsv``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def write_quality(known: dict[str, Any]) -> None:
    """Rewrite the table of README.md between its marks, and the figure that reports must carry."""
    lines = [
        "開発用の手ラベルで測った値です（`benchmarks/quality.py` と各 `train_*.py` が書きます）。規則を作るときに一部の文を読んでいるので、",
        "初めて見る文ではこれより下がります。自分の市のラベルでは `textlens evaluate` で測ってください。", "",
        "| 何を | どのデータで | 値 | 簡単な基準 |", "|---|---|---|---|",
        *(f"| {a} | {b} | {c} | {d} |" for a, b, c, d in _rows(known)),
    ]  # fmt: skip
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    block = "<!-- quality:begin -->\n" + "\n".join(lines) + "\n<!-- quality:end -->"
    path.write_text(re.sub(r"<!-- quality:begin -->.*<!-- quality:end -->", lambda _: block, text, flags=re.S), encoding="utf-8")
    measured = ROOT / "dictionaries" / "report" / "measured.tsv"
    recall = round(100 * known["personal"]["recall"])
    kept = re.sub(r"(?m)^personal_recall\t\d+ %", f"personal_recall\t{recall} %", measured.read_text(encoding="utf-8"))
    measured.write_text(kept, encoding="utf-8")


def _rows(known: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    personal, facets, routing = known["personal"], known["facets"], known["routing"]
    rows = [tuple(row) for row in known.get("fitted", [])]
    unread = f"何も学んでいない創作 {personal['texts']:,} 件の {personal['spans']:,} か所"
    rows += [
        ("第二の個人情報: 箇所（再現率／適合率）", unread, f"{personal['recall']:.2f}／{personal['precision']:.2f}", _pair(personal["six_regexes"]) + "（6 つの正規表現）"),
        ("第三者の記述がある文（再現率／適合率）", "同", f"{personal['third_recall']:.2f}／{personal['third_precision']:.2f}", "－"),
        ("誰のことか（見つけた箇所のうち）", "同", f"{personal['subject_right']:.2f}", "－"),
        ("人名の誤検出", "観光アンケートのうち学習に使わない回答（1,000 件あたり）", f"{known['person_names_per_1000_visitors']:.1f}", "－"),
        ("最初の課がふさわしい", "創作の手紙・調査・記録 260 件、58 課の組織表", f"{routing['top1']:.2f}", f"{routing['keyword_count_top1']:.2f}（組織表の語を数える）"),
        ("上位 3 つにふさわしい課がある", "同", f"{routing['top3']:.2f}", "－"),
        ("関係課が出る", "2 課以上の文", f"{routing['related_recall']:.2f}", "－"),
        ("法的確認の候補（再現率／適合率）", "260 件のうち 56 件", _pair(facets["legal_check"]), "－"),
        ("急ぎの候補（再現率／適合率）", "260 件のうち 31 件", _pair(facets["urgent"]), "－"),
    ]
    return [(str(a), str(b), str(c), str(d)) for a, b, c, d in rows]


def _pair(found: dict[str, float]) -> str:
    return f"{found['recall']:.2f}／{found['precision']:.2f}"


_SETS = {
    "plain": "ふつうの文", "pairs": "紛らわしい組", "facts": "短い事実の文", "stories": "出来事で語る文", "year": "一年の声", "kinds": "人のことを書いた文",
}  # fmt: skip
_PEOPLE = {
    "plain": "ふつうの文", "stories": "出来事で語る文", "people1": "人のことを書いた文 一", "people2": "二", "people3": "三", "people4": "四",
    "people57-62": "取りこぼすものを頼んだ六人",
}  # fmt: skip


def write_unlearnt(report: dict[str, Any]) -> None:
    """Rewrite the tables of docs/accuracy.md between their marks, from what ``measure_unlearnt`` found."""
    lines = [
        "| 文 | 件数 | 種別 F1（苦情・要望・感謝） | 平均 | 通報 F1 | 極性 | 最初の課／上位 3 つ | 法的確認（適合率） | 急ぎ（適合率） |", "|---|---|---|---|---|---|---|---|---|",
        *(_kinds_row(name, report[key]) for key, name in _SETS.items()), "",
        "| 文 | 件数 | 箇所 | 箇所（再現率／適合率） | 誰のことか | 第三者のいる文（再現率／適合率） |", "|---|---|---|---|---|---|",
        *(_people_row(name, report[key]["people"]) for key, name in _PEOPLE.items()),
    ]  # fmt: skip
    path = ROOT / "docs" / "accuracy.md"
    block = "<!-- unlearnt:begin -->\n" + "\n".join(lines) + "\n<!-- unlearnt:end -->"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"<!-- unlearnt:begin -->.*<!-- unlearnt:end -->", lambda _: block, text, flags=re.S), encoding="utf-8")


def _kinds_row(name: str, found: dict[str, Any]) -> str:
    routing = found.get("routing")
    cells = [
        name, f"{found['texts']:,}", "・".join(f"{found[kind]['f1']:.2f}" for kind in ("complaint", "request", "praise")),
        f"**{found['macro_f1']:.2f}**", f"{found['report']['f1']:.2f}", f"{found['polarity_right']:.2f}" if "polarity_right" in found else "－",
        f"{routing['first']:.2f}／{routing['first_three']:.2f}" if routing else "－",
        *(f"{found[flag]['recall']:.2f}（{found[flag]['precision']:.2f}）" if flag in found else "－" for flag in ("legal_check", "urgent")),
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _people_row(name: str, found: dict[str, Any]) -> str:
    third = f"{found['third_recall']:.2f}／{found['third_precision']:.2f}"
    return f"| {name} | {found['texts']:,} | {found['spans']:,} | {_pair(found)} | {found['subject_right']:.2f} | {third} |"
