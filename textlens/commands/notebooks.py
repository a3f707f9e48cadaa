"""``textlens notebooks``: copy the notebooks for policy staff to a folder."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from textlens.commands.console import Console
from textlens.errors import ParameterError
from textlens.resources import notebooks_root

help = "政策担当者向けのノートブックをフォルダに写す"
description = """付属のノートブックを写します。写したあと、そのフォルダで jupyter lab を起動してください。

例: textlens notebooks --out ノートブック"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--out", type=Path, default=Path("ノートブック"), metavar="フォルダ", help="写し先")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Run the command; files that are there already are never written over."""
    target: Path = arguments.out
    if target.exists() and not target.is_dir():
        raise ParameterError(f"写し先 {target.name} はファイルです。フォルダを指定してください。")
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(notebooks_root().glob("*.ipynb")):
        place = target / path.name
        if place.exists():
            console.say(f"すでにあるので写しません: {place}")
            continue
        shutil.copyfile(path, place)
        console.say(f"写しました: {place}")
    return 0
