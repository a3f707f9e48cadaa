"""What the command line says while it works: plain lines, and a bar for anything long. Never a citizen's words."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from tqdm import tqdm

SHOW_AFTER_S = 2.0


class Console:
    """Lines to standard output, progress to standard error."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self._bar: tqdm | None = None
        self._step = ""

    def say(self, line: str = "") -> None:
        """Print one line; who reads the lines may go away (``| head``), the work goes on."""
        if self.quiet:
            return
        try:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
        except BrokenPipeError:
            self.quiet = True
            sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  (nothing is said when Python closes it)

    def progress(self, step: str, done: int, total: int) -> None:
        """Move the bar of a step; a bar appears only when the step takes longer than two seconds."""
        if self.quiet:
            return
        if self._bar is None or step != self._step:
            self.close()
            self._bar = tqdm(total=total, desc=step, unit="区切り", delay=SHOW_AFTER_S, leave=False, file=sys.stderr)
            self._step = step
        self._bar.update(done - self._bar.n)
        if done >= total:
            self.close()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


class Stopwatch:
    """Seconds since it was made (shown to the user, never written into a result)."""

    def __init__(self) -> None:
        self._start = time.perf_counter()

    def __str__(self) -> str:
        return f"{time.perf_counter() - self._start:.1f} 秒"
