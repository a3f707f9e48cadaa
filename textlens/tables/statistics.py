"""Tests and intervals for tables of counts, right by default. Every number comes from scipy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from textlens.checks import real_number, whole_number
from textlens.errors import ParameterError

REFERENCE_N = 30
"""Groups smaller than this carry a mark 「参考値」 (警察庁調査の作法, domain.md B10)."""

_MIN_EXPECTED = 5.0
_RESAMPLES = 9_999


@dataclass(frozen=True)
class TableTest:
    """Result of testing one table of counts.

    Attributes
    ----------
    method : str
        ``chi2`` (Pearson without Yates), ``fisher`` (exact, 2×2) or ``monte_carlo`` (exact by 9,999
        seeded tables with the same margins, larger tables).
    statistic, p_value : float
    effect : float
        Cramér's V, 0 … 1 (φ for 2×2).
    residuals : DataFrame
        Adjusted standardised residuals; about ±1.96 is 5 % for one cell looked at alone.
    min_expected : float
    n : int
    """

    method: str
    statistic: float
    p_value: float
    effect: float
    residuals: pd.DataFrame
    min_expected: float
    n: int


def share_interval(count: int, n: int, *, level: float = 0.95) -> tuple[float, float]:
    """Return the Wilson score interval of a share.

    Raises
    ------
    ParameterError
        ``n`` is 0, ``count`` is not from 0 to ``n``, one of them is no whole number, or ``level`` is not between 0 and 1.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. JASA 22, 209–212.

    Examples
    --------
    >>> [round(x, 4) for x in share_interval(8, 10)]
    [0.4902, 0.9433]
    """
    count, n, level = whole_number(count, "件数"), whole_number(n, "人数", 1), real_number(level, "level", 0, 1)
    if count > n:
        raise ParameterError(f"割合の区間は、件数が人数以下のときだけ計算できます（件数 {count}、人数 {n}）。")
    found = stats.binomtest(count, n).proportion_ci(level, method="wilson")
    return float(found.low), float(found.high)


def share_intervals(counts: np.ndarray, n: np.ndarray, *, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of :func:`share_interval` for many shares at once (``n`` at least 1).

    Examples
    --------
    >>> [ends.round(4).tolist() for ends in share_intervals(np.array([8, 0]), np.array([10, 10]))]
    [[0.4902, 0.0], [0.9433, 0.2775]]
    """
    z = float(stats.norm.ppf(0.5 + level / 2))
    share, parts = counts / n, n + z * z
    middle = (counts + z * z / 2) / parts
    half = z / parts * np.sqrt(counts * (1 - share) + z * z / 4)
    low, high = np.clip(middle - half, 0.0, 1.0), np.clip(middle + half, 0.0, 1.0)
    return np.where(counts == 0, 0.0, low), np.where(counts == n, 1.0, high)


def difference_interval(count_a: int, n_a: int, count_b: int, n_b: int, *, level: float = 0.95) -> tuple[float, float, float]:
    """Return the difference of two shares (b − a) with Newcombe's hybrid score interval.

    References
    ----------
    Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions:
    comparison of eleven methods. Statistics in Medicine 17, 873–890 (method 10).

    Examples
    --------
    >>> [round(x, 4) for x in difference_interval(48, 80, 56, 70)]
    [0.2, 0.0524, 0.3339]
    """
    low_a, high_a = share_interval(count_a, n_a, level=level)
    low_b, high_b = share_interval(count_b, n_b, level=level)
    a, b = count_a / n_a, count_b / n_b
    low = (b - a) - math.hypot(b - low_b, high_a - a)
    high = (b - a) + math.hypot(high_b - b, a - low_a)
    return b - a, low, high


def association(counts: pd.DataFrame, *, seed: int = 0) -> TableTest:
    """Test whether rows and columns of a table of counts go together.

    χ² where every expected count is at least 5; otherwise Fisher's exact test (2×2) or its Monte Carlo
    form (larger). Each respondent must be counted once: do not pass 件, pass 通.

    Parameters
    ----------
    counts : DataFrame of non-negative integers
        Rows and columns without any count are left out.
    seed : int
        Of the Monte Carlo tables.

    Raises
    ------
    ParameterError
        Fewer than two rows or columns hold a count.

    References
    ----------
    Cochran, W. G. (1954). Some methods for strengthening the common χ² tests. Biometrics 10, 417–451.
    Haberman, S. J. (1973). The analysis of residuals in cross-classified tables. Biometrics 29, 205–220.
    """
    table = counts.loc[counts.sum(axis=1) > 0, counts.sum(axis=0) > 0]
    if table.shape[0] < 2 or table.shape[1] < 2:
        raise ParameterError("検定には、件数のある行と列が 2 つずつ要ります。区分をまとめすぎていないか確かめてください。")
    observed = table.to_numpy(np.int64)
    chi2 = stats.chi2_contingency(observed, correction=False)
    expected, n = chi2.expected_freq, int(observed.sum())
    statistic, p_value, method = float(chi2.statistic), float(chi2.pvalue), "chi2"
    if expected.min() < _MIN_EXPECTED:
        if observed.shape == (2, 2):
            odds, p_value = (float(x) for x in stats.fisher_exact(observed))
            statistic, method = odds, "fisher"
        else:
            p_value, method = _monte_carlo(observed, expected, statistic, seed), "monte_carlo"
    row, column = observed.sum(axis=1, keepdims=True) / n, observed.sum(axis=0, keepdims=True) / n
    residuals = (observed - expected) / np.sqrt(expected * (1 - row) * (1 - column))
    effect = math.sqrt(float(chi2.statistic) / (n * (min(observed.shape) - 1)))
    frame = pd.DataFrame(residuals, index=table.index, columns=table.columns)
    return TableTest(method, statistic, p_value, effect, frame, float(expected.min()), n)


def _monte_carlo(observed: np.ndarray, expected: np.ndarray, statistic: float, seed: int) -> float:
    tables = stats.random_table(observed.sum(axis=1), observed.sum(axis=0), seed=np.random.default_rng(seed)).rvs(_RESAMPLES)
    drawn = ((tables - expected) ** 2 / expected).sum(axis=(1, 2))
    return float((1 + (drawn >= statistic * (1 - 1e-12)).sum()) / (1 + _RESAMPLES))


def adjust_p_values(p_values: Sequence[float], *, method: str = "holm") -> np.ndarray:
    """Adjust p-values for having looked at many tables.

    Parameters
    ----------
    p_values : sequence of float
    method : {"holm", "bh"}
        ``holm`` bounds the chance of any false alarm, ``bh`` the expected share of false alarms.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scand. J. Statist. 6, 65–70.
    Benjamini, Y., Hochberg, Y. (1995). Controlling the false discovery rate. JRSS B 57, 289–300.

    Examples
    --------
    >>> adjust_p_values([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    values = np.asarray(p_values, float)
    if method == "bh":
        return np.asarray(stats.false_discovery_control(values, method="bh")) if len(values) else values
    if method != "holm":
        raise ParameterError(f"method は holm か bh です（渡されたのは {method!r}）。")
    order = np.argsort(values, kind="stable")
    stepped = np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1))
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted


def sample_size(error: float, *, population: int | None = None, share: float = 0.5, level: float = 0.95, design: float = 1.0) -> int:
    """Return how many answers are needed for a share to be known to ± ``error``.

    ``design`` is the factor on the standard error (√2 for 層化二段 in 内閣府's table, 1 for a simple
    random sample); ``population`` applies the finite-population correction.

    Raises
    ------
    ParameterError
        A share is not between 0 and 1 (±3 ポイント is 0.03), or ``population`` is no whole number of at least 1.

    Examples
    --------
    >>> sample_size(0.03)
    1068
    """
    error = real_number(error, "error（±3 ポイントなら 0.03）", 0, 1)
    share, z = _share_and_z(share, level, design)
    n = z * z * share * (1 - share) / error**2
    if population is not None:
        n = n / (1 + (n - 1) / whole_number(population, "population", 1))
    return math.ceil(n - 1e-9)


def sampling_error(n: int, *, population: int | None = None, share: float = 0.5, level: float = 0.95, design: float = 1.0) -> float:
    """Return ± of a share from ``n`` answers (see :func:`sample_size`).

    Raises
    ------
    ParameterError
        As in :func:`sample_size`; ``n`` is no whole number of at least 1, or larger than ``population``.

    Examples
    --------
    >>> round(sampling_error(1500), 3)
    0.025
    """
    n = whole_number(n, "n", 1)
    share, z = _share_and_z(share, level, design)
    if population is not None and whole_number(population, "population", 1) < n:
        raise ParameterError(f"population は n 以上にしてください（n {n}、population {population}）。")
    correction = 1.0 if population is None or population <= 1 else math.sqrt((population - n) / (population - 1))
    return z * math.sqrt(share * (1 - share) / n) * correction


def _share_and_z(share: float, level: float, design: float) -> tuple[float, float]:
    z = float(stats.norm.ppf(0.5 + real_number(level, "level", 0, 1) / 2)) * real_number(design, "design", 0)
    return real_number(share, "share", 0, 1), z
