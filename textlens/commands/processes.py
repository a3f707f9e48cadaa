"""How many processes a command takes: nothing of it changes a result."""

from __future__ import annotations

from joblib import cpu_count

_WORTH_A_PROCESS = 10_000
"""Comments for each process that reads them: every one loads dictionaries for as long as some 5,000 comments take."""


def jobs_for(n_comments: int) -> int:
    """Return in how many processes to read so many comments.

    Examples
    --------
    >>> jobs_for(2_500)
    1
    """
    return max(1, min(cpu_count(), n_comments // _WORTH_A_PROCESS))
