"""Imports point downwards only, and analysers do not import each other."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "textlens"
LAYERS = [
    ({"errors", "schema", "resources", "files", "checks", "sample"}, 0),
    ({"text", "tables"}, 1),
    ({"tokens"}, 2),
    ({"rules"}, 3),
    ({"networks"}, 3.2),
    ({"polar"}, 3.3),
    ({"voices"}, 3.6),
    ({"intent", "sentiment", "facets", "routing", "topics", "words", "duplicates", "personal", "status", "evaluation"}, 4),
    ({"report", "office"}, 5),
    ({"models"}, 5.5),
    ({"analysis"}, 6),
    ({"cli", "commands", "__main__", "__init__", "distributed"}, 7),
]


def layer(module: str) -> float:
    return next(number for names, number in LAYERS if module in names)


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module] if node.module != "textlens" else [f"textlens.{a.name}" for a in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("textlens.") and name != "textlens.__version__"}
    return found


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_point_downwards(path: Path) -> None:
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for other in imported(path):
        same_job = other == own or layer(other) == layer(own) == 0
        assert same_job or layer(other) < layer(own) or layer(own) == 7, f"{path.name} imports {other}"


def test_every_module_has_a_layer_and_the_plan_of_the_house_names_it() -> None:
    modules = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path.is_dir() and any(path.glob("*.py")))}
    assert modules == set().union(*(names for names, _ in LAYERS))
    plan = (PACKAGE.parent / "docs" / "architecture.md").read_text(encoding="utf-8").split("## What an analyser")[0]
    assert [name for name in sorted(modules - {"__init__", "__main__"}) if f"`{name}.py`" not in plan and f"`{name}/`" not in plan] == []


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_no_file_is_longer_than_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


TOP = {
    ".ci", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "NOTICE", "README.md", "benchmarks",
    "constraints.txt", "dictionaries", "docs", "notebooks", "pyproject.toml", "tests", "textlens",
}  # fmt: skip


def test_nothing_strays_into_the_repository() -> None:
    """A result written to a wrong place is seen before it is kept (it may hold citizens' words)."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PACKAGE.parent, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    files = [PACKAGE.parent / name for name in listed.stdout.decode().split("\0") if name]
    assert {path.relative_to(PACKAGE.parent).parts[0] for path in files} <= TOP
    assert [path.name for path in files if path.exists() and path.stat().st_size > 2_000_000] == ["ngrams.tsv", "reading_weights.tsv", "word_vectors.tsv"]
