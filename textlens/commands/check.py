"""``textlens check``: does every dictionary keep its own rules, and do its examples hold?"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from textlens.commands.console import Console
from textlens.resources import dictionaries_root
from textlens.rules.checking import check_file, rule_files
from textlens.rules.dictionary import overlay_folder

help = "辞書を点検する（例文が当たるか、反例に当たらないか）"
description = """付属の辞書と、--dictionaries で指定した自分の市の辞書を点検します。

終了コード: 0 問題なく読めた／2 直すところがある"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments (none of its own)."""


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Run the command."""
    folders: list[Path] = [dictionaries_root()]
    own = overlay_folder()
    if own is not None:
        folders.append(own)
    faults = 0
    for folder in folders:
        for path in rule_files(folder):
            report = check_file(path)
            name = path.relative_to(folder).as_posix()
            console.say(f"{name}: {report.rows} 行、例文 {report.examples} 文、直すところ {len(report.faults)}")
            for fault in report.faults:
                sys.stderr.write(f"  {name} {fault}\n")
            faults += len(report.faults)
    console.say(f"点検が終わりました。直すところ: {faults} か所")
    return 2 if faults else 0
