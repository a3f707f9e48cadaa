"""Merged cells over several columns: attributes as a reader of the sheet sees them, comments never copied."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.office_files import workbook
from textlens.tables.reading import read_comments

HEADS = ["番号", "地区", "年代", "ご意見", "備考"]
SAID = [f"バスが一日に{i}本しかなく、困っています。" for i in range(1, 5)]


def read(folder: Path, *blocks: tuple[int, int, int, int, str]) -> Any:
    rows: list[list[Any]] = [HEADS, *([i, "城北", "60代", said, "なし"] for i, said in enumerate(SAID, 1))]
    for top, left, bottom, right, _ in blocks:
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                rows[row][column] = None

    def merge(_: Any, page: Any) -> None:
        for block in blocks:
            page.merge_range(*block)

    return read_comments(workbook(folder / "a.xlsx", {"回答": rows}, {"回答": merge}))


def test_a_block_over_two_attributes(tmp_path: Path) -> None:
    df = read(tmp_path, (1, 1, 3, 2, "葛川"))
    assert df["地区"].tolist() == ["葛川", "葛川", "葛川", "城北"] and df["年代"].tolist() == ["", "", "", "60代"]
    told = next(w for w in df.attrs["reading"].warnings if "またがる結合セル" in w)
    assert "「地区」、「年代」" in told and "2〜4 行目" in told and "左の「地区」にだけ" in told and "結合を解き" in told
    assert any("またがる" in w for w in read(tmp_path, (2, 1, 2, 2, "葛川")).attrs["reading"].warnings), "one row only"


def test_a_block_that_says_that_nothing_is_known(tmp_path: Path) -> None:
    df = read(tmp_path, (1, 1, 2, 2, "無回答"), (3, 1, 3, 2, "回答しない"))
    assert df["地区"].tolist() == ["無回答", "無回答", "回答しない", "城北"] and df["年代"].tolist() == ["無回答", "無回答", "回答しない", "60代"]
    assert not df.attrs["reading"].warnings


def test_nothing_is_copied_from_a_block_over_the_text(tmp_path: Path) -> None:
    df = read(tmp_path, (1, 3, 3, 4, SAID[0]))
    assert df["text"].tolist() == [SAID[0], "", "", SAID[3]] and df["備考"].tolist() == ["", "", "", "なし"]
    assert any("「ご意見」、「備考」にまたがる" in w and "最初の行の本文にだけ" in w for w in df.attrs["reading"].warnings)
    df = read(tmp_path, (1, 2, 3, 3, SAID[0]))
    assert df["text"].tolist() == ["", "", "", SAID[3]] and df["年代"].tolist() == [SAID[0], "", "", "60代"]
    told = next(w for w in df.attrs["reading"].warnings if "またがる" in w)
    assert "本文は空欄" in told and SAID[0] not in "".join(df.attrs["reading"].warnings)


def test_a_comment_written_over_the_column_beside_it_is_nothing_to_tell(tmp_path: Path) -> None:
    df = read(tmp_path, (2, 3, 2, 4, SAID[1]))
    assert df["text"].tolist() == SAID and df["備考"].tolist() == ["なし", "", "なし", "なし"] and not df.attrs["reading"].warnings
