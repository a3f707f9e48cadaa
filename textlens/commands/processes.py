"""What a command gives to further processes: nothing of it changes a result."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from joblib import cpu_count

from textlens.report import write_html
from textlens.report.view import View
from textlens.rules import use_dictionaries
from textlens.rules.dictionary import overlay_folder

_WORTH_DRAWING = 1_000
"""Comments from which drawing the report apart saves more than starting a process costs (about 3 s of the second core)."""
_WORTH_A_JOB = 10_000
"""Comments for each process that reads them: every one loads dictionaries for as long as 5,000 comments take."""


def jobs_for(n_comments: int) -> int:
    """Return in how many processes to read so many comments.

    Examples
    --------
    >>> jobs_for(2_500)
    1
    """
    return max(1, min(cpu_count(), n_comments // _WORTH_A_JOB))


class ReportDrawer:
    """Draws the HTML report in a second process, while the first one writes the workbook.

    The process is started early: it imports what it needs while the comments are read. There is none where the comments
    are few or the machine has one core; where it does not start or dies, the report is written here.
    """

    def __init__(self, n_comments: int) -> None:
        self._pool: ProcessPoolExecutor | None = None
        if n_comments >= _WORTH_DRAWING and cpu_count() > 1:
            self._pool = ProcessPoolExecutor(1, get_context("spawn"), initializer=_get_ready, initargs=(overlay_folder(),))
            self._pool.submit(_import_drawing)

    @contextmanager
    def drawing(self, view: View, path: Path) -> Iterator[None]:
        """Write the report of ``view`` to ``path`` while the body runs; behind it both are done."""
        begun = self._begin(view, path)
        try:
            yield
        finally:
            drawn = begun is not None and _is_drawn(begun)
            if self._pool:
                self._pool.shutdown()
        if not drawn:
            write_html(view, path)

    def _begin(self, view: View, path: Path) -> Future[Path] | None:
        try:
            return self._pool.submit(write_html, view, path) if self._pool else None
        except BrokenExecutor:
            return None


def _is_drawn(begun: Future[Path]) -> bool:
    """Wait for the report; tell whether the process lived to draw it."""
    try:
        begun.result()
    except BrokenExecutor:
        return False
    return True


def _get_ready(overlay: Path | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process stops this one
    use_dictionaries(overlay)


def _import_drawing() -> None:
    import textlens.report.html  # noqa: F401
