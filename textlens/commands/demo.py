"""``textlens demo``: the main job on the sample survey that ships with the package."""

from __future__ import annotations

import argparse
from pathlib import Path

from textlens.analysis.pipeline import analyze
from textlens.commands.analyze import finish
from textlens.commands.console import Console, Stopwatch
from textlens.commands.outputs import OutputFolder
from textlens.sample import sample_survey_path
from textlens.tables import read_comments

help = "付属の見本（架空の葛川市の調査）で、全部の出力を作る"
description = """付属の見本調査（架空の葛川市。文はすべて創作）を読み、結果をフォルダに書き出します。

例: textlens demo --out 結果"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--out", type=Path, default=Path("結果"), metavar="フォルダ", help="書き出し先（既定は「結果」）")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Run the command."""
    folder = OutputFolder(arguments.out)
    watch = Stopwatch()
    comments = read_comments(sample_survey_path("xlsx"))
    console.say(comments.attrs["reading"].summary())
    result = analyze(comments, purpose="見本（架空の葛川市 市民意識調査。文はすべて創作です）", progress=console.progress)
    return finish(result, folder, "担当内", console, watch)
