"""A file is written whole or not at all."""

from __future__ import annotations

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
