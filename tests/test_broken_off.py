"""Ctrl-C at any time and a full disk end in a Japanese line and the code for it; nothing in English beside it."""

from __future__ import annotations

import ast
import errno
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from textlens import cli


def failing(error: Callable[[], BaseException], monkeypatch: pytest.MonkeyPatch, *, on_load: bool) -> None:
    """Let a command fail when it is loaded, or when it runs and still holds an archive that cannot be finished."""

    class Archive:
        def __del__(self) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    def run(*_: Any) -> int:
        archive = Archive()
        raise error()
        return int(bool(archive))

    real = cli.command

    def load(name: str) -> ModuleType:
        if on_load:
            raise error()
        module = ModuleType(name)
        module.__dict__.update({**vars(real(name)), "run": run})
        return module

    monkeypatch.setattr(cli, "command", load)


@pytest.mark.parametrize("on_load", [True, False])
def test_an_interruption_is_said_in_japanese_even_while_the_command_loads(
    on_load: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(KeyboardInterrupt, monkeypatch, on_load=on_load)
    assert cli.main(["notebooks", "--out", str(tmp_path / "本")]) == 2
    assert capsys.readouterr().err == "中断しました。結果は書き出していません。\n" and not (tmp_path / "本").exists()


def test_a_full_disk_is_told_once_and_nothing_follows_in_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    late: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", late.append)
    failing(lambda: OSError(errno.ENOSPC, "No space left on device"), monkeypatch, on_load=False)
    assert cli.main(["notebooks", "--out", str(tmp_path / "本")]) == 2
    said = capsys.readouterr().err
    assert said.startswith("エラー: ディスクの空きが足りません。") and said.count("\n") == 1 and not late
    assert sys.unraisablehook == late.append


def test_nothing_slow_is_loaded_before_an_interruption_can_be_caught() -> None:
    """What the command line imports at its top is imported before there is anybody to catch Ctrl-C."""
    tree = ast.parse(Path(cli.__file__).read_text(encoding="utf-8"))
    first = {node.module for node in tree.body if isinstance(node, ast.ImportFrom) and str(node.module).startswith("textlens")}
    assert first == {"textlens", "textlens.commands", "textlens.errors"}
