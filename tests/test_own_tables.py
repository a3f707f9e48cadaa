"""An office's own table is refused where it would be read as something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from textlens.errors import DictionaryError
from textlens.rules import read_table, use_dictionaries


def test_a_misspelt_column_is_named_and_wipes_no_shipped_row(tmp_path: Path) -> None:
    (tmp_path / "routing").mkdir()
    (tmp_path / "routing" / "concepts.tsv").write_text("concept\tanchor\n側溝\t排水\n", encoding="utf-8")
    use_dictionaries(tmp_path)
    try:
        with pytest.raises(DictionaryError, match="知らない列「anchor」"):
            read_table("routing/concepts.tsv")
    finally:
        use_dictionaries(None)
