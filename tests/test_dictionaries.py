"""Every row of every rule dictionary shows its own example; unique ids, normal form, UTF-8, LF."""

from __future__ import annotations

from pathlib import Path

import pytest

from textlens.resources import dictionaries_root
from textlens.rules.checking import check_file, rule_files

ROOT = dictionaries_root()


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.tsv")), ids=name)
def test_file_is_utf8_with_lf(path: Path) -> None:
    data = path.read_bytes()
    assert b"\r" not in data and not data.startswith(b"\xef\xbb\xbf") and data.endswith(b"\n")
    data.decode("utf-8")


@pytest.mark.parametrize("path", rule_files(ROOT), ids=name)
def test_rows_show_their_examples(path: Path) -> None:
    report = check_file(path)
    assert report.rows and not report.faults


def test_the_check_can_fail(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_text("id\tterm\tlabel\texample\tcounterexample\nA\t窓口\tx\t受付で待った\t窓口が親切\nB\tバス５\tx\t\t\n", encoding="utf-8")
    faults = " ".join(check_file(path).faults)
    assert "A: 例文に当たりません" in faults and "A: 反例に" in faults and "B: term" in faults
