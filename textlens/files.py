"""A file, or a folder of files, is written whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from textlens.errors import ParameterError

_LOCK_AT = 1 << 30


@contextmanager
def one_writer(path: str | Path) -> Iterator[None]:
    """Let one process at a time change a file that is replaced as a whole (a hidden lock file stays beside it)."""
    target = Path(path)
    _need_folder(target)
    with locked(target.with_name(f".{target.name}.lock")):
        yield


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Give a draft beside the target; it takes the target's place only when all went well.

    Raises
    ------
    ParameterError
        The folder is not there, or the file is open in another program.
    """
    target = Path(path)
    _need_folder(target)
    draft = target.with_name(target.name + ".part")
    try:
        yield draft
        draft.replace(target)
    except PermissionError:
        raise ParameterError(f"「{target.name}」に書き込めません。Excel などで開いていれば閉じて、もう一度実行してください。") from None
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: str | Path) -> Iterator[Path]:
    """Give an empty draft folder; its files go to the target only when all went well.

    The draft lies in the target where that is there (a drive, or the one folder somebody may write to), else
    beside it. What a run that was killed left behind is taken away by the next run to the same target.

    Raises
    ------
    ParameterError
        The target cannot be written to, or one of its files is open in another program; the target then holds
        all that it held before and nothing new.
    """
    target = Path(path).resolve()
    check_folder(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    inside, beside = target / ".textlens.part", target.parent / f".{target.name}.part"
    for left in (inside, beside):
        shutil.rmtree(left, ignore_errors=True)
    draft = inside if target.exists() else beside
    draft.mkdir()
    try:
        yield draft
        if target.exists():
            _settle(draft, target)
        else:
            draft.replace(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def check_folder(target: Path) -> None:
    """Raise ParameterError where a folder of results cannot be made or written to, before any work is done."""
    if target.exists() and not target.is_dir():
        raise ParameterError(f"書き出し先 {target.name} はファイルです。フォルダを指定してください。")
    place = next((folder for folder in (target, *target.absolute().parents) if folder.exists()), Path())
    if not place.is_dir():
        raise ParameterError(f"書き出し先の途中の {place.name} はファイルです。フォルダを指定してください。")
    if not os.access(place, os.W_OK):
        raise ParameterError(f"書き出し先のフォルダ「{place.name}」に書き込めません。権限を確かめるか、ほかの書き出し先（--out）を指定してください。")


def _settle(draft: Path, target: Path) -> None:
    """Put new files in the place of the old ones: all of them or none."""
    aside = target / ".textlens.old"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    placed: list[Path] = []
    try:
        for item in sorted(draft.iterdir()):
            place = target / item.name
            placed.append(place)
            if place.exists():
                place.replace(aside / item.name)
            item.replace(place)
    except BaseException as error:
        for place in placed:
            if (aside / place.name).exists():
                if place.exists():
                    place.replace(draft / place.name)
                (aside / place.name).replace(place)
            elif not (draft / place.name).exists():
                place.replace(draft / place.name)
        if isinstance(error, PermissionError):
            raise ParameterError(
                f"「{placed[-1].name}」に書き込めません。Excel などで開いていれば閉じて、もう一度実行してください。前の結果はそのままです。") from None
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def locked(path: Path) -> Iterator[IO[bytes]]:
    """Open a file (made if it is not there) for one process at a time; the others wait."""
    with path.open("a+b") as first:
        first.flush()
    with path.open("r+b") as handle:
        if sys.platform == "win32":
            import msvcrt

            handle.seek(_LOCK_AT)
            msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
            try:
                yield handle
            finally:
                handle.seek(_LOCK_AT)
                msvcrt.locking(handle.fileno(), msvcrt.LK_UNLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
            try:
                yield handle
            finally:
                handle.flush()
                fcntl.flock(handle, fcntl.LOCK_UN)


def _need_folder(target: Path) -> None:
    if not target.parent.is_dir():
        raise ParameterError(f"書き出し先のフォルダ「{target.parent.name}」がありません。先に作ってください。")
