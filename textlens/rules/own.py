"""An office's own dictionary folder: which of its files are read, and whether they can be laid over ours.

Loaders ask here before they lay a file over ours, ``textlens check`` asks for every file of the folder: what one refuses the
other tells, in the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from textlens.errors import DictionaryError
from textlens.resources import Stamp, dictionaries_root, dictionary_path, own_path, table_stamp
from textlens.rules.cells import OWN, place, read_cells
from textlens.rules.dictionary import COMMON, read_row
from textlens.rules.limits import NEEDED, Problem, is_rules, nearest, problems

_ALONE = ("personal/numbers.toml", "routing/departments.tsv")
"""Shipped files, besides those of ``tables/``, over which nothing is laid."""
_LEARNT = (
    "intent/reading_weights.tsv", "networks/word_vectors.tsv", "personal/reading_weights.tsv", "personal/span_weights.tsv",
    "sentiment/reading_weights.tsv",
)  # fmt: skip
"""Tables whose rows only hold together: no row of them can be replaced."""
_NO_DICTIONARY = ("thumbs.db", "desktop.ini")


def faults_of(relative: str) -> tuple[str, ...]:
    """Return what is wrong with the office's own file of a dictionary, in Japanese; nothing: it can be laid over ours."""
    try:
        _prove(relative, table_stamp(relative))
    except DictionaryError as error:
        return tuple(map(str, error.args))
    return ()


@lru_cache(maxsize=128)
def _prove(relative: str, _stamp: Stamp) -> None:
    """Raise with everything that is wrong (kept is only that nothing is: a fault may be mended in another file)."""
    path = own_path(relative)
    faults = [] if path is None else [*_faults(relative, path)]
    if faults:
        raise DictionaryError(*faults)


def refuse(relative: str) -> None:
    """Stop where the office's own file of a dictionary cannot be laid over ours.

    Raises
    ------
    DictionaryError
        With what :func:`faults_of` finds first.
    """
    stop_at(faults_of(relative))


def stop_at(faults: Iterable[str]) -> None:
    """Stop if there is a fault.

    Raises
    ------
    DictionaryError
        With the first, and how many more there are.
    """
    found = list(faults)
    if found:
        more = f"\n直すところはほかに {len(found) - 1} か所あります。textlens check --dictionaries で全部を見られます。"
        raise DictionaryError(found[0] + (more if len(found) > 1 else ""))


def own_files(folder: Path) -> tuple[list[str], list[str]]:
    """Return the files of an office's folder that are read, by their relative names, and a sentence for each that never is."""
    names = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
    names = [name for name in names if not _is_no_dictionary(name)]
    if not names:
        return [], [f"{OWN} {folder.name}: ファイルが一つもありません。付属の辞書と同じフォルダ名・ファイル名（intent/cues.tsv など）で置いてください。"]
    read = [name for name in names if name in _readable()]
    return read, [f"{OWN} {name}: 読まれません。{_instead(name)}" for name in names if name not in _readable()]


@cache
def _readable() -> frozenset[str]:
    """Names of the dictionaries that an office can lay its own rows over."""
    root = dictionaries_root()
    names = (path.relative_to(root).as_posix() for path in root.rglob("*.tsv"))
    return frozenset(name for name in names if name not in _ALONE and not name.startswith("tables/"))


def _is_no_dictionary(name: str) -> bool:
    """Tell files that nobody takes for a dictionary: hidden ones, those of a system or an office program, remarks."""
    path = PurePosixPath(name)
    return any(part.startswith((".", "~$")) for part in path.parts) or path.name.lower() in _NO_DICTIONARY or path.suffix == ".md"


def _instead(name: str) -> str:
    """Say what to do with a file that is never read."""
    path, names = PurePosixPath(name), sorted(_readable())
    as_text = path.with_suffix(".tsv")
    if path.stem == "departments":
        return "組織表は --departments で指定してください。"
    if name in _ALONE or name.startswith("tables/"):
        return "この辞書には重ねられません。フォルダから外してください。"
    if path.suffix != ".tsv" and as_text.as_posix() in names:
        return f"タブ区切りの UTF-8 で {as_text} として保存してください。"
    homes = [other for other in names if name.endswith(f"/{other}")] or [other for other in names if other.endswith(f"/{as_text.name}")]
    if homes:
        return f"{' か '.join(homes)} に、タブ区切りの UTF-8 で置いてください。"
    return nearest(as_text.as_posix(), names) + "付属の辞書と同じフォルダ名・ファイル名（intent/cues.tsv など）にしてください。"


class _Ours(NamedTuple):
    """What an own file is held against: columns, rows and keys of the shipped one, and what the cells may hold."""

    heading: list[str]
    rows: frozenset[tuple[str, ...]]
    keys: dict[str, None]
    repeats: bool
    rules: bool
    limits: dict[str, Problem]


def _ours(relative: str) -> _Ours:
    heading, lines = read_cells(dictionary_path(relative))
    rows = [tuple(cells) for _, cells in lines]
    keys = dict.fromkeys(cells[0] for cells in rows)
    return _Ours(heading, frozenset(rows), keys, len(keys) < len(rows), is_rules(heading), problems(relative, heading, rows))


def _faults(relative: str, path: Path) -> Iterator[str]:
    name = f"{OWN} {relative}"
    if relative in _LEARNT:
        yield f"{name}: 学習した重みの表で、行を替えることはできません。フォルダから外してください。"
        return
    heading, lines = read_cells(path, name)
    ours = _ours(relative)
    wrong = [f"{name}: 見出し{fault}" for fault in _of_heading(heading, ours)]
    yield from wrong
    seen: set[str] = set()
    for number, cells in [] if wrong else lines:
        row = dict(zip(heading, cells, strict=True))
        key = row[ours.heading[0]]
        again = key in seen and not ours.repeats
        if again or heading != ours.heading or tuple(cells) not in ours.rows:  # a row left as it ships is sound
            yield from _of_row(place(name, number, row.get("id", "")), row, ours, again=again)
        seen.add(key)


def _of_heading(heading: list[str], ours: _Ours) -> Iterator[str]:
    """Tell what is wrong with the column names."""
    known = list(dict.fromkeys((*ours.heading, *COMMON))) if ours.rules else ours.heading
    missing = [column for column in (("id", "term") if ours.rules else ours.heading[:1]) if column not in heading]
    for column in missing:
        yield f"に「{column}」の列がありません。付属の同じ名前のファイルと同じ見出し（{'・'.join(ours.heading)}）で書いてください。"
    for column in dict.fromkeys([] if missing else heading):  # without them the first line may be no heading, but a text
        if column not in known:
            yield f"に知らない列「{column}」があります。見出しは {'・'.join(known)} のどれかです。"
        elif heading.count(column) > 1:
            yield f"に「{column}」の列が二つあります。一つにしてください。"


def _of_row(where: str, row: dict[str, str], ours: _Ours, *, again: bool) -> Iterator[str]:
    """Tell what is wrong with the cells of one line."""
    first, off = ours.heading[0], ours.rules and row.get("match") == "off"
    key, term = row[first].strip(), row["term"].strip() if ours.rules else ""
    if not key:
        yield f"{where} の {first}: {NEEDED}"
    elif again:
        yield f"{where} の {first}: 前の行と重なっています。{'別の id にしてください' if first == 'id' else '一つの行にしてください'}。"
    if ours.rules and not term:
        yield f"{where} の term: {NEEDED}{'off で止める行にも、付属の行の term を写してください。' if off else ''}"
    if off:
        if key and row[first] not in ours.keys:
            yield f"{where} の {first}: 付属の辞書にない {first} なので、off で止める行がありません。{nearest(key, ours.keys)}"
        return
    quoted = [column for column, cell in row.items() if len(cell) > 1 and cell[0] == cell[-1] == '"']
    yield from (f"{where} の {column}: 「\"」で囲まれています。Excel が付けた引用符を取ってください。" for column in quoted)
    wrong = [f"{where} の {column}: {fault}" for column, limit in ours.limits.items() if (fault := limit(row.get(column, "")))]
    yield from wrong
    if key and term and not wrong:
        try:
            read_row(where, row)
        except DictionaryError as error:
            yield str(error)
