"""The ``textlens`` command: arguments, exit codes, progress. What each command does is in ``commands/``."""

from __future__ import annotations

import argparse
import errno
import gc
import logging
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from textlens import __version__
from textlens.commands import NAMES, command
from textlens.errors import TextlensError

EXIT_OK, EXIT_ROWS, EXIT_USAGE = 0, 1, 2
COLLECT = (100_000, 20, 1000)
"""How rarely the process looks for circular garbage: it holds millions of lasting objects, and walking over them again and again
took one second in twelve."""


class _Parser(argparse.ArgumentParser):
    """argparse with Japanese headings and messages."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        kwargs["add_help"] = False
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._optionals.title = "指定できること"
        self._positionals.title = "引数"
        self.add_argument("-h", "--help", action="help", help="この説明を表示する")

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", "使い方: ")

    def format_usage(self) -> str:
        return super().format_usage().replace("usage: ", "使い方: ")

    def error(self, message: str) -> None:  # type: ignore[override]
        for english, japanese in _MESSAGES:
            message = message.replace(english, japanese)
        self.print_usage(sys.stderr)
        sys.stderr.write(f"エラー: {message}\n詳しくは {self.prog} --help をご覧ください。\n")
        raise SystemExit(EXIT_USAGE)


_MESSAGES = (
    ("the following arguments are required: ", "次の引数が必要です: "),
    ("unrecognized arguments: ", "知らない引数です: "),
    ("invalid choice: ", "選べない値です: "),
    ("(choose from ", "(選べるもの: "),
    ("expected one argument", "値を 1 つ書いてください"),
    ("invalid int value: ", "整数ではありません: "),
    ("argument ", "引数 "),
)


def build_parser(names: Sequence[str] = NAMES) -> argparse.ArgumentParser:
    """Return the parser with these commands."""
    parser = _Parser(
        prog="textlens",
        description="市民の声（自由記述・相談記録）を、一件も落とさずに読む道具です。ネットワークは使いません。",
        epilog="はじめに: textlens demo --out 結果    （付属の見本で全部の出力を作ります）",
    )
    parser.add_argument("--version", action="version", version=f"textlens {__version__}", help="版を表示する")
    commands = parser.add_subparsers(dest="command", metavar="命令", title="命令", parser_class=_Parser)
    for name in names:
        module = command(name)
        sub = commands.add_parser(name, help=module.help, description=module.description)
        module.add_arguments(sub)
        sub.add_argument("--dictionaries", type=Path, metavar="フォルダ", help="自分の市の辞書フォルダ（付属の辞書に行単位で重ねる）")
        sub.add_argument("--quiet", action="store_true", help="進み具合を表示しない")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 done, 1 some rows not ok, 2 wrong usage or input, broken off."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")
        return _run(list(sys.argv[1:] if argv is None else argv))
    except KeyboardInterrupt as stop:  # already while the command loads, which takes seconds
        sys.stderr.write("中断しました。結果は書き出していません。\n")
        _let_go(stop)
        return EXIT_USAGE


def _run(given: list[str]) -> int:
    from textlens.commands.console import Console  # here: an interruption while it loads is caught, too

    parser = build_parser(given[:1] if given and given[0] in NAMES else NAMES)
    arguments = parser.parse_args(given)
    if arguments.command is None:
        parser.print_help()
        return EXIT_USAGE
    gc.set_threshold(*COLLECT)
    console = Console(quiet=arguments.quiet)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        with closing(console):
            if arguments.dictionaries is not None:
                from textlens.rules import use_dictionaries

                use_dictionaries(arguments.dictionaries)
                if arguments.command != "check":  # which tells all that is wrong, not the first
                    from textlens.rules.checking import require_sound

                    sys.stderr.writelines(f"ご注意: {line}\n" for line in require_sound(arguments.dictionaries))
            return int(command(arguments.command).run(arguments, console))
    except TextlensError as error:
        sys.stderr.write(f"エラー: {error}\n")
        return EXIT_USAGE
    except Exception as error:  # noqa: BLE001  (the last door: a traceback could show a citizen's words)
        if os.environ.get("TEXTLENS_DEBUG"):
            raise
        sys.stderr.write(_of_the_machine(error) or _unexpected(error))
        _let_go(error)
        return EXIT_USAGE


def _let_go(error: BaseException) -> None:
    """Drop what a failed run still holds, in silence: an archive that cannot be finished on a full disk says so in English when it goes."""
    told, sys.unraisablehook = sys.unraisablehook, lambda _: None
    try:
        seen: list[BaseException] = []
        cause: BaseException | None = error
        while cause is not None and cause not in seen:
            seen.append(cause)
            traceback.clear_frames(cause.__traceback__)
            cause = cause.__cause__ or cause.__context__
        gc.collect()
    finally:
        sys.unraisablehook = told


def _of_the_machine(error: Exception) -> str:
    """Say what the disk or the network drive refused; '' if it was neither. No path: a folder may be named after a person."""
    cause = error if isinstance(error, OSError) else next((a for a in error.args if isinstance(a, OSError)), None)
    if cause is None:
        return ""
    what = (
        "ディスクの空きが足りません。空きを作って" if cause.errno in _FULL
        else "書き込み・読み取りの権限がありません。置き場所と権限を確かめて" if isinstance(cause, PermissionError) or cause.errno == errno.EROFS
        else f"ファイルを読み書きできません（{type(cause).__name__}）。置き場所とつながりを確かめて"
    )  # fmt: skip
    return f"エラー: {what}、もう一度実行してください。結果は書き出していません。\n"


_FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


def _unexpected(error: Exception) -> str:
    """Say where a fault of ours happened; never the message of the error, which may quote a text."""
    places = [f"{Path(f.filename).name}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__) if "textlens" in f.filename]
    return (
        f"エラー: textlens の不具合で止まりました（{type(error).__name__}、{' → '.join(places[-3:])}）。結果は書き出していません。\n"
        "この行を添えて開発者に知らせてください（文章の内容は含まれていません）。\n"
    )


if __name__ == "__main__":
    raise SystemExit(main())
