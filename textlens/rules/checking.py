"""Dictionaries test themselves: each row's examples must match it, its counterexamples must not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from textlens.rules.dictionary import parse_file, read_heading
from textlens.rules.matching import RuleSet
from textlens.text.normalize import normalize
from textlens.tokens import as_tokens

_CELL_FOLDERS = ("tables",)
"""Folders whose rules match cells and headings of a file, not comments; the reader's tests check them."""


@dataclass(frozen=True)
class FileReport:
    """What the check of one file found; ``faults`` are Japanese sentences that name line ids."""

    rows: int
    examples: int
    faults: tuple[str, ...]


def rule_files(folder: Path) -> list[Path]:
    """Return the TSV files of a dictionary folder that hold rules with examples."""
    return [
        path
        for path in sorted(folder.rglob("*.tsv"))
        if path.parent.name not in _CELL_FOLDERS and {"id", "term", "example"} <= set(read_heading(path))
    ]


def check_file(path: Path) -> FileReport:
    """Check one file.

    Raises
    ------
    DictionaryError
        The file cannot be read at all (see :func:`textlens.rules.dictionary.parse_file`).
    """
    rows = [row for row in parse_file(path) if row.match != "off"]
    faults = [
        f"id {row.id}: term が正規の形ではありません（半角の英数字、「-」「~」で書く）。"
        for row in rows
        if row.match in ("literal", "word") and normalize(row.term).text != row.term
    ]
    tests = [
        (number, kind, text)
        for number, row in enumerate(rows)
        for kind in ("example", "counterexample", "known_miss")
        for text in getattr(row, kind)
    ]
    found = RuleSet(rows).match(as_tokens([text for _, _, text in tests]))
    hits = set(zip(found.doc.tolist(), found.rule.tolist(), strict=True))
    for place, (number, kind, _) in enumerate(tests):
        hit = (place, number) in hits
        row = rows[number]
        if kind == "example" and not hit:
            faults.append(f"id {row.id}: 例文に当たりません。")
        if kind == "counterexample" and hit:
            faults.append(f"id {row.id}: 反例に当たってしまいます。")
        if kind == "known_miss" and not hit and not row.note:
            faults.append(f"id {row.id}: known_miss には、何を取りこぼすのかを note に書いてください。")
    return FileReport(len(rows), len(tests), tuple(faults))
