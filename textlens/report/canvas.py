"""What every figure stands on: a Japanese font, axes, names that can be drawn, and the file at the end."""

from __future__ import annotations

from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any, cast

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font

GETA = "〓"
MAX_LABEL = 22


def to_svg(axes: Axes) -> str:
    """Return a figure as SVG text, the same bytes for the same figure.

    ``savefig`` would draw a figure with a layout engine twice; here the engine works while it is drawn.

    Misses: several panels under a layout engine; its last digits change from run to run and get into the names of
    clip paths. Give such a figure its places yourself (:mod:`textlens.report.pictures.group_rows`).
    """
    target = StringIO()
    figure = cast(Figure, axes.get_figure(root=True))
    canvas, dpi = figure.canvas, figure.dpi
    try:
        with mpl.rc_context({"svg.hashsalt": "textlens", "svg.fonttype": "path"}):
            FigureCanvasSVG(figure).print_svg(target, metadata={"Date": None, "Creator": None})
    finally:
        figure.set_canvas(canvas)
        figure.dpi = dpi
    return target.getvalue()


def figure_size(n_rows: int, row_height: float = 0.32) -> tuple[float, float]:
    """Return width and height (inches) that give every row its line."""
    return 7.0, 1.1 + row_height * max(n_rows, 2)


def free_axes(n_rows: int) -> Axes:
    """Return axes that no window and no global list knows, for figures that go straight to a file."""
    return Figure(figsize=figure_size(n_rows), layout="constrained").add_subplot()


def new_axes(n_rows: int, row_height: float = 0.32) -> Axes:
    """Return axes of a new figure of pyplot's, which a notebook shows by itself."""
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=figure_size(n_rows, row_height), layout="constrained")[1]


def style(*, new_figure: bool) -> Any:
    """Return the context in which a figure is drawn; with ``new_figure`` Jupyter's backend is woken first.

    The height of titles is given: looking for room above them takes a tenth of the drawing.
    """
    if new_figure:
        _wake_backend()
    return mpl.rc_context({"font.family": font_families(), "axes.unicode_minus": False, "hatch.linewidth": 0.6, "axes.titley": 1.0})


@lru_cache(maxsize=1)
def _wake_backend() -> None:
    """Let Jupyter's inline backend set itself up before rc_context; inside, its set-up would be undone."""
    import matplotlib.pyplot as plt

    plt.switch_backend(plt.get_backend())


@lru_cache(maxsize=1)
def font_families() -> list[str]:
    """Return the fonts of the figures; the Japanese one comes with matplotlib-fontja."""
    with mpl.rc_context():
        import matplotlib_fontja

        path = matplotlib_fontja.get_font_ttf_path()
    return [font_manager.FontProperties(fname=path).get_name(), "DejaVu Sans"]


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    paths = [font_manager.findfont(name, fallback_to_default=True) for name in font_families()]
    return frozenset(code for path in paths for code in FT2Font(str(Path(path))).get_charmap())


def drawable(text: str) -> str:
    """Shorten a name and put 〓 (printers' mark) for what no font of ours can draw.

    Examples
    --------
    >>> drawable("防災無線")
    '防災無線'
    """
    known = _characters()
    clean = "".join(c if ord(c) in known else GETA for c in text.replace("\n", " ").replace("$", "＄"))
    return clean if len(clean) <= MAX_LABEL else clean[: MAX_LABEL - 1] + "…"
