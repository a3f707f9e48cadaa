"""操作記録: who took what out, when and why; append-only, each line chained to the one before by SHA-256.

One JSON object per line. The log holds no comment, no id and no attribute value: file names, hashes, counts,
and what staff typed as purpose and reason.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

import pandas as pd

from textlens.errors import InputFileError, ParameterError
from textlens.files import locked

FIELDS = ("n", "when", "who", "purpose", "operation", "file", "sha256", "rows", "profile", "reason", "prev")
HEAD = ".head"
"""Ending of the small file beside the log that holds number and hash of the last line."""
_START = "0" * 64
_MAX_CHARS = 300


class Entry(NamedTuple):
    """Where a line stands in the chain; written into the manifest of what was handed out."""

    n: int
    hash: str


def append(
    path: str | Path,
    *,
    who: str,
    operation: str,
    purpose: str = "",
    file: str = "",
    sha256: str = "",
    rows: int = 0,
    profile: str = "",
    reason: str = "",
    when: datetime | None = None,
) -> Entry:
    """Add one line to the log (made if it is not there).

    Parameters
    ----------
    path : path
    who, operation : str
        Needed. Who did it, and what (``share``, ``review`` …).
    purpose, reason : str
        What staff typed; one line, cut at 300 characters.
    file, sha256 : str
        Name (never the folder) and SHA-256 of what was opened.
    rows : int
        How many rows were opened or handed out.
    profile : str
    when : datetime, optional
        Time with its zone; default now.

    Returns
    -------
    Entry
        Number and hash of the new line: keep them elsewhere (the manifest of an export does), because who
        can write to both log and head file can rewrite the chain.

    Raises
    ------
    ParameterError
        ``who`` or ``operation`` is empty, or the log cannot be written.
    InputFileError
        The end of the log is not what was written last: somebody changed it, and nothing is added.

    Notes
    -----
    Several processes on one machine may append at the same time: the head file is locked meanwhile.

    Misses: locks on network drives depend on the server; a library cannot stop a person who may write to the
    file (domain.md H03), it can only make it show.

    References
    ----------
    domain.md M31, H03, H05, H09. Schneier & Kelsey (1999), Secure audit logs to support computer forensics,
    ACM TISSEC 2(2): each record holds the hash of the one before.
    """
    if not who.strip() or not operation.strip():
        raise ParameterError("操作記録には、誰が（--user）と何をしたかが要ります。")
    target = Path(path)
    moment = (when or datetime.now()).astimezone().isoformat(timespec="seconds")
    values = {"who": who, "purpose": purpose, "operation": operation, "file": Path(file.replace("\\", "/")).name, "sha256": sha256,
              "profile": profile, "reason": reason}  # fmt: skip
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with locked(_head_path(target)) as head:
            last, tail = _last(target, _read_head(head))
            line = {k: _one_line(v) for k, v in values.items()} | {"n": last.n + 1, "when": moment, "rows": int(rows), "prev": last.hash}
            entry = Entry(last.n + 1, _digest(line))
            with target.open("ab") as log:
                log.write(tail + _canonical({**line, "hash": entry.hash}) + b"\n")
                log.flush()
                os.fsync(log.fileno())
            head.seek(0)
            head.truncate()
            head.write(f"{entry.n} {entry.hash}\n".encode())
            head.flush()
    except OSError as error:
        raise ParameterError(f"操作記録「{target.name}」に書き込めません（{type(error).__name__}）。置き場所と権限を確かめてください。") from None
    return entry


def verify(path: str | Path, known: Iterable[tuple[int, str]] = ()) -> list[str]:
    """Return what is wrong with a log, in Japanese; an empty list if the chain holds.

    Finds lines that were changed, deleted (also at the end), added, or put in another order.

    Parameters
    ----------
    path : path
    known : iterable of (n, hash)
        Lines that must be there, as the manifests of exports hold them (``log: {n, hash}``).

    Raises
    ------
    InputFileError
        There is no such file.
    """
    target = Path(path)
    if not target.is_file():
        raise InputFileError(f"操作記録 {target.name} がありません。ファイル名と場所を確かめてください。")
    problems: list[str] = []
    before, hashes = _START, {0: _START}
    lines = target.read_bytes().split(b"\n")
    if lines[-1]:
        problems.append("最後の行が途中で切れています。")
    for place, raw in enumerate(lines if lines[-1] else lines[:-1], 1):
        line = _parse(raw)
        if line is None:
            problems.append(f"{place} 行目: 記録として読めません。")
            continue
        stated = str(line.pop("hash"))
        if _digest(line) != stated:
            problems.append(f"{place} 行目: 内容が書き換えられています（行の印が合いません）。")
        if line["prev"] != before:
            problems.append(f"{place} 行目: 前の行とつながりません（削除・追加・並べ替えのおそれ）。")
        if line["n"] != place:
            problems.append(f"{place} 行目: 通し番号が {line['n']} です（削除・追加・並べ替えのおそれ）。")
        before = hashes[place] = stated
    head = _read_head_file(_head_path(target))
    if head is None:
        problems.append(f"控え {_head_path(target).name} がないか読めません。末尾の削除を確かめられません。")
    elif hashes.get(head.n) != head.hash:
        problems.append(f"控えにある {head.n} 件目の記録が見つかりません（末尾の削除か書き換えのおそれ）。")
    problems += [f"持ち出しの記録にある {n} 件目の行が見つかりません。" for n, digest in known if hashes.get(n) != digest]
    return problems


def read_log(path: str | Path) -> pd.DataFrame:
    """Return the log as a table (columns ``FIELDS`` and ``hash``), for the summary of use (domain.md P07).

    Raises
    ------
    InputFileError
        There is no such file, or a line is not one of a log.
    """
    target = Path(path)
    if not target.is_file():
        raise InputFileError(f"操作記録 {target.name} がありません。ファイル名と場所を確かめてください。")
    rows = []
    for place, raw in enumerate(target.read_bytes().splitlines(), 1):
        line = _parse(raw)
        if line is None:
            raise InputFileError(f"操作記録 {target.name} の {place} 行目が読めません。verify で確かめてください。")
        rows.append(line)
    return pd.DataFrame(rows, columns=[*FIELDS, "hash"])


def _last(target: Path, head: Entry | None) -> tuple[Entry, bytes]:
    """Return the last line of the log, and what must be written before the next one.

    The log may be one line ahead of the head (the machine stopped in between), never behind.
    """
    data = target.read_bytes() if target.is_file() else b""
    if not data:
        if head is not None:
            raise InputFileError(_BROKEN.format(target.name))
        return Entry(0, _START), b""
    lines = data.rstrip(b"\n").split(b"\n")
    line = _parse(lines[-1])
    if line is None or _digest({k: v for k, v in line.items() if k != "hash"}) != line["hash"] or line["n"] != len(lines):
        raise InputFileError(_BROKEN.format(target.name))
    last = Entry(int(line["n"]), str(line["hash"]))
    if head is None or (head != last and (head.n != last.n - 1 or head.hash != line["prev"])):
        raise InputFileError(_BROKEN.format(target.name))
    return last, b"" if data.endswith(b"\n") else b"\n"


_BROKEN = (
    "操作記録「{0}」の末尾が、最後に書いたものと違います。書き換え・削除のおそれがあるので、書き足しませんでした。"
    "情報管理の担当に知らせ、このファイルを保存したうえで、--log で新しい記録を始めてください。"
)


def _parse(raw: bytes) -> dict[str, Any] | None:
    try:
        line = json.loads(raw.decode("utf-8"))
    except ValueError:
        return None
    if not isinstance(line, dict) or set(line) != {*FIELDS, "hash"} or raw != _canonical(line):
        return None
    return line if isinstance(line["n"], int) else None


def _canonical(line: Mapping[str, Any]) -> bytes:
    return json.dumps(dict(line), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def _digest(line: Mapping[str, Any]) -> str:
    return hashlib.sha256(_canonical(line)).hexdigest()


def _one_line(text: str) -> str:
    clean = "".join(c if c.isprintable() else " " for c in str(text))
    return " ".join(clean.split())[:_MAX_CHARS]


def _head_path(target: Path) -> Path:
    return target.with_name(target.name + HEAD)


def _read_head_file(path: Path) -> Entry | None:
    return _parse_head(path.read_bytes()) if path.is_file() else None


def _read_head(handle: IO[bytes]) -> Entry | None:
    handle.seek(0)
    return _parse_head(handle.read())


def _parse_head(data: bytes) -> Entry | None:
    parts = data.decode("ascii", "replace").split()
    return Entry(int(parts[0]), parts[1]) if len(parts) == 2 and parts[0].isdecimal() else None
