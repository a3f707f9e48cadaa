"""Where the dictionaries are: inside an installed wheel, or beside the package in a checkout."""

from __future__ import annotations

from pathlib import Path

from textlens.errors import DictionaryError

_PACKAGE = Path(__file__).resolve().parent


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


def notebooks_root() -> Path:
    """Return the folder that holds the notebooks."""
    for folder in (_PACKAGE / "_notebooks", _PACKAGE.parent / "notebooks"):
        if folder.is_dir():
            return folder
    raise DictionaryError("ノートブックのフォルダ notebooks が見つかりません。textlens を入れ直してください。")
