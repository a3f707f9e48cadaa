"""Put measured figures where people read them: README.md and ``dictionaries/report/measured.tsv``."""

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
