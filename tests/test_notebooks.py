"""Every notebook runs from top to bottom, keeps no output in the repository, and says what it is for."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest

from textlens.report.words import banned_words

nbclient = pytest.importorskip("nbclient")
BOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))


def test_there_are_notebooks() -> None:
    assert BOOKS


@pytest.mark.parametrize("path", BOOKS, ids=lambda p: p.stem)
def test_no_output_is_saved_and_the_plan_comes_first(path: Path) -> None:
    book = nbformat.read(path, as_version=4)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    plan = book.cells[0].source
    assert all(word in plan for word in ("問い", "使う人", "使い道", "出さないもの"))
    assert sum(len(cell.source.splitlines()) for cell in code) <= 60


@pytest.mark.parametrize("path", BOOKS, ids=lambda p: p.stem)
def test_it_speaks_of_those_who_wrote_and_of_no_causes(path: Path) -> None:
    lines = [line for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    denied = ("言えません", "ではありません", "効果があった・なかった")
    assert [line for line in lines if banned_words(line) and not any(d in line for d in denied)] == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", BOOKS, ids=lambda p: p.stem)
def test_it_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MPLBACKEND", raising=False)  # the kernel chooses Jupyter's own
    book = nbformat.read(shutil.copy(path, tmp_path), as_version=4)
    nbclient.NotebookClient(book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    assert not [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]
    drawn = sum("image/png" in o.get("data", {}) for o in outputs)
    assert drawn == sum(cell.source.count("figures.draw_") + cell.source.count("pictures.draw_") for cell in book.cells if cell.cell_type == "code")
