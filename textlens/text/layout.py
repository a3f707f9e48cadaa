"""How high a row of a sheet must be to show its text."""

from __future__ import annotations

from collections.abc import Sequence


def row_height(cells: Sequence[tuple[object, float]]) -> float:
    """Return the height (points) that shows the tallest of some wrapped cells, given text and width.

    A width is counted in half-width characters, as Excel does; a full-width one takes two. Not every
    program fits rows by itself, so a comment would be cut at its first line.

    Examples
    --------
    >>> row_height([("短い", 20)]), row_height([("あ" * 40, 20)])
    (17.0, 81.0)
    """
    lines = 1
    for text, width in cells:
        if isinstance(text, str) and (len(text) * 2 > width or "\n" in text):
            room = max(1.0, width * 0.96 - 2)
            lines = max(lines, sum(max(1, -(-len(part.encode("cp932", "replace")) // int(room))) for part in text.split("\n")))
    return min(1.0 + 16.0 * lines, 409.0)
