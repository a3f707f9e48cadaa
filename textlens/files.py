"""A file, or a folder of files, is written whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from textlens.errors import ParameterError


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Give a draft beside the target; it takes the target's place only when all went well.

    Raises
    ------
    ParameterError
        The folder is not there, or the file is open in another program.
    """
    target = Path(path)
    if not target.parent.is_dir():
        raise ParameterError(f"書き出し先のフォルダ「{target.parent.name}」がありません。先に作ってください。")
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
