"""The log: chained, append-only, safe for several writers, and without a word of a citizen."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textlens.errors import InputFileError, ParameterError
from textlens.office.access_log import FIELDS, HEAD, append, read_log, verify

WHEN = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)


def fill(path: Path, n: int = 5) -> list[tuple[int, str]]:
    return [tuple(append(path, who="広聴係", operation="share", file="調査.xlsx", rows=i, when=WHEN)) for i in range(n)]


def test_lines_are_chained_and_hold(tmp_path: Path) -> None:
    path = tmp_path / "記録" / "操作記録.jsonl"
    known = fill(path)
    table = read_log(path)
    assert verify(path, known) == [] and list(table.columns) == [*FIELDS, "hash"]
    assert table["n"].tolist() == [1, 2, 3, 4, 5] and table["prev"].tolist()[1:] == table["hash"].tolist()[:-1]


TAMPER = {
    "a number changed": (lambda lines: [lines[0].replace(b'"rows":0', b'"rows":9'), *lines[1:]], "1 行目"),
    "first line deleted": (lambda lines: lines[1:], "つながりません"),
    "middle line deleted": (lambda lines: lines[:2] + lines[3:], "3 行目"),
    "last line deleted": (lambda lines: lines[:-1], "末尾の削除"),
    "all lines deleted": (lambda lines: [], "末尾の削除"),
    "two lines exchanged": (lambda lines: [lines[1], lines[0], *lines[2:]], "並べ替え"),
    "a line twice": (lambda lines: [*lines, lines[-1]], "6 行目"),
    "a space added": (lambda lines: [lines[0].replace(b":", b": ", 1), *lines[1:]], "読めません"),
    "a field twice": (lambda lines: [lines[0].replace(b'{"file"', b'{"file":"x","file"', 1), *lines[1:]], "読めません"),
    "cut in the middle": (lambda lines: [*lines[:-1], lines[-1][:30]], "5 行目"),
}


@pytest.mark.parametrize("name", sorted(TAMPER))
def test_tampering_shows(name: str, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    fill(path)
    change, word = TAMPER[name]
    lines = change(path.read_bytes().splitlines())
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    found = verify(path)
    assert found and any(word in line for line in found)


@settings(max_examples=40, deadline=None)
@given(place=st.integers(0, 10_000), value=st.integers(0, 255))
def test_every_changed_byte_shows(place: int, value: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("log") / "log.jsonl"
    fill(path, 3)
    data = bytearray(path.read_bytes())
    place %= len(data)
    if data[place] != value:
        data[place] = value
        path.write_bytes(bytes(data))
        assert verify(path)


def test_a_chain_rewritten_with_its_head_is_found_by_the_manifests(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    known = fill(path, 3)
    path.unlink()
    path.with_name(path.name + HEAD).unlink()
    append(path, who="別人", operation="share", when=WHEN)
    assert verify(path) == []
    assert len(verify(path, known)) == 3


@pytest.mark.parametrize("keep", [0, 2])
def test_nothing_is_added_to_a_log_that_lost_its_end(keep: int, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    fill(path, 3)
    path.write_bytes(b"".join(line + b"\n" for line in path.read_bytes().splitlines()[:keep]))
    before = path.read_bytes()
    with pytest.raises(InputFileError, match="書き足しませんでした"):
        fill(path, 1)
    assert path.read_bytes() == before


def test_a_stop_between_line_and_head_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    fill(path, 2)
    head = path.with_name(path.name + HEAD)
    old = head.read_bytes()
    fill(path, 1)
    head.write_bytes(old)
    fill(path, 1)
    assert verify(path) == [] and read_log(path)["n"].tolist() == [1, 2, 3, 4]


def test_a_missing_head_shows_and_stops(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    fill(path, 2)
    path.with_name(path.name + HEAD).unlink()
    assert any("控え" in line for line in verify(path))
    with pytest.raises(InputFileError):
        fill(path, 1)


def test_threads_append_without_losing_a_line(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    with ThreadPoolExecutor(8) as pool:
        entries = list(pool.map(lambda i: append(path, who=f"係{i}", operation="share", rows=i), range(60)))
    assert verify(path, entries) == [] and sorted(read_log(path)["rows"]) == list(range(60))


def test_processes_append_without_losing_a_line(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    code = (
        "import sys; from textlens.office.access_log import append\n"
        "for i in range(15): append(sys.argv[1], who='係', operation='share', rows=i)"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(path)]) for _ in range(3)]
    assert [p.wait(120) for p in running] == [0, 0, 0]
    assert verify(path) == [] and len(read_log(path)) == 45


def test_folders_and_line_breaks_stay_out(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    append(path, who="係\n長", operation="share", file="C:\\秘密\\調査.xlsx", reason="あ\u2028い" + "う" * 999 + "\ud800", when=WHEN)
    line = read_log(path).iloc[0]
    assert line["file"] == "調査.xlsx" and line["who"] == "係 長" and len(line["reason"]) == 300 and verify(path) == []


def test_who_and_what_are_needed(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="--user"):
        append(tmp_path / "log.jsonl", who=" ", operation="share")
    with pytest.raises(ParameterError, match="書き込めません"):
        append(tmp_path, who="係", operation="share")
    for call in (verify, read_log):
        with pytest.raises(InputFileError, match="ありません"):
            call(tmp_path / "ない.jsonl")
