"""The main job with the network blocked, and nothing heavy at import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BLOCK = """
import socket, sys
def refuse(*a, **k):
    raise OSError("network is blocked in this test")
socket.socket.connect = refuse
socket.socket.connect_ex = refuse
socket.create_connection = refuse
socket.getaddrinfo = refuse
"""


def run(code: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=cwd, check=False, encoding="utf-8")


def test_demo_without_a_network(tmp_path: Path) -> None:
    done = run(BLOCK + "from textlens.cli import main; sys.exit(main(['demo', '--out', '結果', '--quiet']))", tmp_path)
    assert done.returncode == 0, done.stderr
    html = (tmp_path / "結果" / "報告_担当内.html").read_text(encoding="utf-8")
    for mark in ('src="http', "src='http", 'href="http', "@import", "url(http", "fetch(", "XMLHttpRequest"):
        assert mark not in html


def test_import_is_light(tmp_path: Path) -> None:
    code = "import sys, textlens; print([m for m in ('pandas', 'sklearn', 'fugashi', 'matplotlib', 'gensim') if m in sys.modules])"
    assert run(code, tmp_path).stdout.strip() == "[]"
