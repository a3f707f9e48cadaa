"""A file, or a folder of files, is written whole or not at all."""

from __future__ import annotations

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
    """Give an empty draft folder beside the target; its files go to the target only when all went well.

    What a run that was killed left behind is taken away by the next run to the same target.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        yield draft
        if not target.exists():
            draft.replace(target)
        else:
            for item in sorted(draft.iterdir()):
                item.replace(target / item.name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


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
