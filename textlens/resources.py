"""Where the dictionaries are: ours inside an installed wheel or beside the package in a checkout, and an office's own folder over them.

What is made of them is kept until a file changes or another folder is laid over (:func:`made_from`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from functools import cache, lru_cache, wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from textlens.errors import DictionaryError

_PACKAGE = Path(__file__).resolve().parent
_OVERLAY: ContextVar[Path | None] = ContextVar("textlens_overlay", default=None)
Stamp = tuple[str, int, str, int]
_P = ParamSpec("_P")
_T = TypeVar("_T")


@cache
def dictionaries_root() -> Path:
    """Return the folder that holds the dictionaries.

    Raises
    ------
    DictionaryError
        Neither the wheel's copy nor the checkout's folder is there.
    """
    for folder in (_PACKAGE / "_dictionaries", _PACKAGE.parent / "dictionaries"):
        if folder.is_dir():
            return folder
    raise DictionaryError(
        "辞書フォルダ dictionaries が見つかりません。textlens を入れ直してください（pip install --force-reinstall textlens）。"
    )


def dictionary_path(relative: str) -> Path:
    """Return the path of one dictionary file, such as ``"intent/cues.tsv"``.

    Raises
    ------
    DictionaryError
        The file is not there.
    """
    path = dictionaries_root() / relative
    if not path.is_file():
        raise DictionaryError(f"辞書ファイル {relative} がありません。textlens を入れ直してください。")
    return path


def use_dictionaries(folder: str | Path | None) -> None:
    """Lay a municipality's own dictionary folder over the one that ships.

    Parameters
    ----------
    folder : path or None
        Folder with the same layout as ``dictionaries/``; a row with a known ``id`` replaces ours, a row
        whose ``match`` is ``off`` switches ours off, a new ``id`` is added. ``None``: ours alone.

    Raises
    ------
    DictionaryError
        The folder is not there.
    """
    path = None if folder is None else Path(folder)
    if path is not None and not path.is_dir():
        raise DictionaryError(f"辞書フォルダ {path.name} がありません。フォルダ名を確かめてください。")
    _OVERLAY.set(path)


def overlay_folder() -> Path | None:
    """Return the folder that :func:`use_dictionaries` set."""
    return _OVERLAY.get()


def own_path(relative: str) -> Path | None:
    """Return the office's own file of a dictionary, ``None`` if it has none."""
    overlay = _OVERLAY.get()
    return overlay / relative if overlay and (overlay / relative).is_file() else None


def table_stamp(relative: str) -> Stamp:
    """Return what tells one state of a dictionary from another: files and their times."""
    path, own = _shipped(relative), own_path(relative)  # asked thousands of times a second: no path is put together anew
    return str(path), path.stat().st_mtime_ns, str(own or ""), own.stat().st_mtime_ns if own else 0


@cache
def _shipped(relative: str) -> Path:
    return dictionary_path(relative)


def overlay_stamp() -> Hashable:
    """Return what tells one state of the office's own folder from another (``None``: there is none); ours ship and stay as they are."""
    overlay = _OVERLAY.get()
    return overlay and (overlay, *sorted((str(path), path.stat().st_mtime_ns) for path in overlay.rglob("*") if path.is_file()))


def made_from(*relatives: str) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Keep what a function makes of these dictionaries (and of hashable arguments) until one of them changes."""

    def keep(make: Callable[_P, _T]) -> Callable[_P, _T]:
        @lru_cache(maxsize=16)
        def kept(_stamps: tuple[Stamp, ...], *args: _P.args, **named: _P.kwargs) -> _T:
            return make(*args, **named)

        @wraps(make)
        def found(*args: _P.args, **named: _P.kwargs) -> _T:
            return kept(tuple(map(table_stamp, relatives)), *args, **named)  # type: ignore[arg-type]

        return found

    return keep


def notebooks_root() -> Path:
    """Return the folder that holds the notebooks."""
    for folder in (_PACKAGE / "_notebooks", _PACKAGE.parent / "notebooks"):
        if folder.is_dir():
            return folder
    raise DictionaryError("ノートブックのフォルダ notebooks が見つかりません。textlens を入れ直してください。")
