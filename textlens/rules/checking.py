"""Dictionaries test themselves: each row's examples must match it, its counterexamples must not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from textlens.rules.cells import OWN, read_cells
from textlens.rules.dictionary import parse_file, read_heading
from textlens.rules.matching import RuleSet
from textlens.rules.own import faults_of, own_files, stop_at
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
    return [path for path in sorted(folder.rglob("*.tsv")) if path.parent.name not in _CELL_FOLDERS and _has_examples(path)]


def check_own(folder: Path) -> Iterator[tuple[str, FileReport]]:
    """Check each file of an office's own folder, which is the one in use, as the loaders do; then the examples of its rules.

    Yields
    ------
    (str, FileReport)
        Name of the file, as messages call it; a fault of the file itself names it too.
    """
    for name in own_files(folder)[0]:
        path, called = folder / name, f"{OWN} {name}"
        if faults := faults_of(name):
            yield called, FileReport(0, 0, faults)
        elif _has_examples(path):
            report = check_file(path)
            yield called, FileReport(report.rows, report.examples, tuple(f"{called} {fault}" for fault in report.faults))
        else:
            yield called, FileReport(len(read_cells(path)[1]), 0, ())


def require_sound(folder: Path) -> list[str]:
    """Return a sentence for each file of an office's own folder, which is the one in use, that is never read.

    Raises
    ------
    DictionaryError
        A file cannot be laid over ours: told before the work is begun, not where the file is first asked for.
    """
    read, unread = own_files(folder)
    stop_at(dict.fromkeys(fault for name in read for fault in faults_of(name)))
    return unread


def _has_examples(path: Path) -> bool:
    return {"id", "term", "example"} <= set(read_heading(path))


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
