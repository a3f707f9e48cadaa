"""Every row of every rule dictionary shows its own example; unique ids, normal form, UTF-8, LF."""

from __future__ import annotations

from pathlib import Path

import pytest

from textlens.resources import dictionaries_root
from textlens.rules import RuleSet
from textlens.rules.dictionary import Row, _parse
from textlens.text.normalize import normalize
from textlens.tokens import as_tokens

ROOT = dictionaries_root()
FILES = sorted(ROOT.rglob("*.tsv"))


def heading(path: Path) -> list[str]:
    lines = (line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#"))
    return next(lines, "").split("\t")


RULE_FILES = [p for p in FILES if {"id", "term", "example"} <= set(heading(p)) and p.parent.name != "tables"]  # those match cells, not text


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_file_is_utf8_with_lf_and_a_heading(path: Path) -> None:
    data = path.read_bytes()
    assert b"\r" not in data and not data.startswith(b"\xef\xbb\xbf") and data.endswith(b"\n")
    data.decode("utf-8")


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_rows_show_their_examples(path: Path) -> None:
    rows = [row for row in _parse(path).values() if row.match != "off"]
    rules = RuleSet(rows)
    texts, wanted = [], []
    for number, row in enumerate(rows):
        for kind in ("example", "counterexample", "known_miss"):
            for text in getattr(row, kind):
                texts.append(text)
                wanted.append((number, kind))
    found = rules.match(as_tokens(texts))
    hit = set(zip(found.doc.tolist(), found.rule.tolist(), strict=True))
    wrong = [
        f"{rows[number].id}: {kind} {texts[doc]}"
        for doc, (number, kind) in enumerate(wanted)
        if ((doc, number) in hit) != (kind == "example") and kind != "known_miss"
    ]
    assert not wrong, wrong[:10]


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_terms_are_in_normal_form(path: Path) -> None:
    def bad(row: Row) -> bool:
        return row.match in ("literal", "word") and normalize(row.term).text != row.term

    assert not [row.id for row in _parse(path).values() if bad(row)]
