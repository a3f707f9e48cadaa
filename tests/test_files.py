"""Folders and files are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from textlens import cli, files
from textlens.errors import ParameterError
from textlens.files import check_folder, whole_folder
from textlens.sample import sample_survey_path


def held(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): p.read_text() for p in sorted(folder.rglob("*")) if p.is_file()}


def write(folder: Path, word: str) -> None:
    (folder / "表").mkdir(parents=True, exist_ok=True)
    for name in ("a.html", "b.xlsx", f"c_{word}.xlsx", "表/d.csv"):
        (folder / name).write_text(word)


def test_new_results_replace_old_ones_and_leave_the_rest(tmp_path: Path) -> None:
    out = tmp_path / "結果"
    write(out, "old")
    (out / "確認の判断.tsv").write_text("mine")
    (out / "表" / "gone.csv").write_text("old")
    with whole_folder(out) as draft:
        write(draft, "new")
    assert held(out) == {"a.html": "new", "b.xlsx": "new", "c_new.xlsx": "new", "c_old.xlsx": "old", "表/d.csv": "new", "確認の判断.tsv": "mine"}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["結果"]


@pytest.mark.parametrize("stuck", ["b.xlsx", "表"])
@pytest.mark.parametrize("error, told", [(PermissionError(13, "x"), ParameterError), (KeyboardInterrupt(), KeyboardInterrupt)])
def test_a_file_open_in_excel_leaves_all_as_it_was(
    stuck: str, error: BaseException, told: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "結果"
    write(out, "old")
    before = held(out)
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if self.parent == out.resolve() and self.name == stuck:
            raise error
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(told), whole_folder(out) as draft:
        write(draft, "new")
    assert held(out) == before and sorted(p.name for p in tmp_path.iterdir()) == ["結果"]
    assert not any(p.name.startswith(".") for p in out.iterdir())


def test_the_folder_one_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with whole_folder(".") as draft:
        write(draft, "new")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.html", "b.xlsx", "c_new.xlsx", "表"]


def test_where_nothing_can_be_written_is_said_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("x")
    for wrong in (tmp_path / "a.txt", tmp_path / "a.txt" / "結果"):
        with pytest.raises(ParameterError, match=r"a\.txt はファイルです"):
            check_folder(wrong)
    monkeypatch.setattr(files.os, "access", lambda path, mode: Path(path) != tmp_path)
    assert cli.main(["analyze", str(sample_survey_path("csv")), "--out", str(tmp_path / "年度" / "結果")]) == 2
    said = capsys.readouterr()
    assert "書き込めません" in said.err and "読み込み" not in said.out and os.listdir(tmp_path) == ["a.txt"]
