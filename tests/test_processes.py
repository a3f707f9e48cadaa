"""The report is drawn in a second process where that pays: the same bytes, and nothing lost where the process dies."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from textlens import cli
from textlens.commands import processes
from textlens.sample import sample_survey_path


def analyzed(out: Path) -> bytes:
    assert cli.main(["analyze", str(sample_survey_path("csv")), "--out", str(out), "--topics", "0", "--quiet"]) == 0
    assert sorted(path.name for path in out.iterdir()) == ["報告_担当内.html", "結果_担当内.xlsx", "表"]
    return (out / "報告_担当内.html").read_bytes()


def die(_overlay: Path | None) -> None:
    os._exit(1)


def test_a_second_process_draws_the_same_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = analyzed(tmp_path / "一つ")
    monkeypatch.setattr(processes, "_WORTH_DRAWING", 1)
    monkeypatch.setattr(processes, "cpu_count", lambda: 2)
    assert analyzed(tmp_path / "二つ") == here


def test_a_process_that_dies_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_WORTH_DRAWING", 1)
    monkeypatch.setattr(processes, "cpu_count", lambda: 2)
    monkeypatch.setattr(processes, "_get_ready", die)
    assert analyzed(tmp_path / "結果").startswith(b"<!DOCTYPE html>")
