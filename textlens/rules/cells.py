"""Lines and cells of dictionary files: TSV in UTF-8, ``#`` for remarks, cells left out at the end of a line are empty."""

from __future__ import annotations

from pathlib import Path

from textlens.errors import DictionaryError

OWN = "自分の市の辞書"
"""How messages call what an office lays over ours."""


def read_lines(path: Path, name: str = "") -> list[str]:
    """Return the lines of a file; ``name``: how messages call it.

    Raises
    ------
    DictionaryError
        It is not written in UTF-8.
    """
    name = name or path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DictionaryError(f"{name}: UTF-8 で書かれていません（{error.start} バイト目）。{_SAVE}") from None
    if "\0" in text:  # UTF-16 without its mark
        raise DictionaryError(f"{name}: UTF-8 で書かれていません。{_SAVE}")
    return text.splitlines()


_SAVE = "メモ帳で開き、「名前を付けて保存」の文字コードに UTF-8 を選んで、保存し直してください（Excel の「Unicode テキスト」は UTF-16 です）。"


def holds_cells(line: str) -> bool:
    """Tell whether a line is neither empty nor a remark."""
    return bool(line.strip()) and not line.startswith("#")


def read_cells(path: Path, name: str = "") -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the heading, and the number and the cells of each line (as many as the heading has).

    Raises
    ------
    DictionaryError
        It is not UTF-8, has no heading, or a line with more cells than the heading.
    """
    name = name or path.name
    content = [(number, line.split("\t")) for number, line in enumerate(read_lines(path, name), 1) if holds_cells(line)]
    if not content:
        raise DictionaryError(f"{name}: 見出しの行がありません。付属の {path.name} と同じ見出しを 1 行目に書いてください。")
    heading = content.pop(0)[1]
    for number, cells in content:
        if len(cells) != len(heading):
            if len(cells) > len(heading):
                raise DictionaryError(f"{name} {number} 行目: 列が {len(cells)} あります（見出しは {len(heading)} 列）。タブの数を確かめてください。")
            cells += [""] * (len(heading) - len(cells))
    return heading, content


def read_tsv(path: Path, name: str = "") -> list[tuple[int, dict[str, str]]]:
    """Return the number of each line and its cells by column; see :func:`read_cells`."""
    heading, lines = read_cells(path, name)
    return [(number, dict(zip(heading, cells, strict=True))) for number, cells in lines]


def place(name: str, line: int, row_id: str = "") -> str:
    """Return how messages call a row: file, line and, if it has one, id."""
    return f"{name} {line} 行目" + (f" (id {row_id})" if row_id else "")
