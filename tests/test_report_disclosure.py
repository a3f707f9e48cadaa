"""Small cells stay hidden: by themselves, by sums, and across tables."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.report_sample import fake_analysis
from textlens.report.disclosure import derivable, hide_small_cells
from textlens.report.tables import LEGAL_CHECK, Column, Table, build_tables


def crossed(cells: list[list[int]], name: str = "t") -> Table:
    counts = pd.DataFrame(cells, index=[f"r{i}" for i in range(len(cells))], columns=[f"c{j}" for j in range(len(cells[0]))])
    counts["計"] = counts.sum(axis=1)
    counts.loc["計"] = counts.sum()
    columns = [Column(c, "通", frozenset({("col", c)})) for c in counts.columns[:-1]]
    return Table(name, "表", "通", "row", (*columns, Column("計", "通")), counts.astype("Int64"), "計")


def solve(table: Table) -> dict[tuple[str, str], int]:
    """An attacker who subtracts, again and again, in one table."""
    cells = table.cells.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    for _ in range(cells.size):
        for block in (cells, cells.T):
            for line in block:
                gaps = np.flatnonzero(np.isnan(line))
                if len(gaps) == 1:
                    known = np.nansum(line[:-1])
                    line[gaps[0]] = line[-1] - known if gaps[0] < len(line) - 1 else known
    return {(table.cells.index[i], table.cells.columns[j]): cells[i, j] for i, j in product(*map(range, cells.shape)) if not np.isnan(cells[i, j])}


def test_a_planted_small_cell_and_its_complement_are_hidden() -> None:
    shown, n_hidden = hide_small_cells({"t": crossed([[2, 20, 30], [15, 40, 60], [20, 50, 70]])}, 10)
    cells = shown["t"].cells
    assert pd.isna(cells.at["r0", "c0"]) and n_hidden == 4
    assert solve(shown["t"]).keys().isdisjoint({("r0", "c0")})


def test_two_small_parts_that_sum_to_a_small_number_get_a_third() -> None:
    shown, _ = hide_small_cells({"t": crossed([[1, 2, 30, 40], [20, 20, 20, 20]])}, 10)
    assert shown["t"].cells.loc["r0"].isna().sum() == 3


def test_nothing_is_hidden_inside_the_office_and_zero_is_never_hidden_alone() -> None:
    table = crossed([[0, 20], [1, 30]])
    assert hide_small_cells({"t": table}, 1)[1] == 0
    shown, n = hide_small_cells({"t": crossed([[0, 20], [10, 30]])}, 10)
    assert n == 0 and shown["t"].cells.at["r0", "c0"] == 0


def test_a_cell_hidden_in_one_table_is_not_given_back_by_another() -> None:
    full = crossed([[2, 20], [15, 40]])
    only_column = Table("u", "表", "通", "row", (Column("c0の通", "通", frozenset({("col", "c0")})),),
                        pd.DataFrame({"c0の通": pd.array([2, 15, 17], dtype="Int64")}, index=["r0", "r1", "計"]))  # fmt: skip
    shown, _ = hide_small_cells({"t": full, "u": only_column}, 10)
    assert pd.isna(shown["u"].cells.at["r0", "c0の通"]) and not derivable(shown.values())


def test_the_check_finds_a_number_that_was_hidden_alone() -> None:
    table = crossed([[2, 20], [15, 40]])
    alone = table.without({table.key("r0", table.columns[0])})
    assert derivable([alone]) == [("通", frozenset({("row", "r0"), ("col", "c0")}))]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=4), min_size=2, max_size=4).filter(lambda rows: len({len(r) for r in rows}) == 1), st.sampled_from([3, 10]))
def test_subtraction_never_finds_a_small_cell(cells: list[list[int]], min_cell: int) -> None:
    table = crossed(cells)
    shown, _ = hide_small_cells({"t": table}, min_cell)
    found = solve(shown["t"])
    small = {(r, c) for r in table.cells.index for c in table.cells.columns if 0 < table.cells.at[r, c] < min_cell} - {("計", "計")}
    assert not small & found.keys()
    assert not derivable(shown.values())


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 40), min_size=4, max_size=4), min_size=2, max_size=5), st.sampled_from([3, 10]))
def test_no_more_is_hidden_than_must_be(cells: list[list[int]], min_cell: int) -> None:
    """Every number that is not small is needed: shown, it would give others back, or leave a sum with too few hidden in it."""
    table = crossed(cells)
    values, shown = table.values(), hide_small_cells({"t": table}, min_cell)[0]["t"]
    hidden = set(values) - set(shown.values())
    for key in (k for k in hidden if not 0 < values[k] < min_cell):
        rest = hidden - {key}
        inside = [[k for k in parts if k in rest] for parts, total in table.equations() if total not in rest]
        weak = any(part and (len(part) == 1 or sum(values[k] for k in part) < min_cell) for part in inside)
        assert weak or derivable([table.without(rest)])


def test_grand_totals_stand_in_the_accounting_and_are_never_hidden() -> None:
    for min_cell in (3, 10):
        shown, _ = hide_small_cells(build_tables(fake_analysis(1)), min_cell)
        assert shown["intent_polarity"].number("計", "計") == shown["topic"].number("計", "計") == 8
        assert shown["polarity"].number("計", "通") == shown["department"].number("計", "主担当の候補（通）") == 8


def test_the_check_knows_the_totals_that_the_accounting_tells() -> None:
    """110 rows in all, 79 and 19 of them shown: the third group is no secret, whether or not this table prints the 110."""
    cells = pd.DataFrame({"人数": pd.array([79, 19, 12, 110], dtype="Int64")}, index=["a", "b", "c", "計"])
    table = Table("t", "表", "通", "group", (Column("人数", "行"),), cells)
    third = ("行", frozenset({("group", "c")}))
    assert derivable([table.without({third, ("行", frozenset())})]) == [third]


def test_a_single_topic_is_no_secret_beside_the_number_of_comments() -> None:
    one = crossed([[2, 1, 1]])
    shown, _ = hide_small_cells({"t": one}, 10)
    assert shown["t"].number("r0", "計") == 4 and shown["t"].cells.loc["r0", ["c0", "c1", "c2"]].isna().all() and not derivable(shown.values())


def test_rows_of_the_matrix_do_not_give_back_what_the_departments_hide() -> None:
    tables = build_tables(fake_analysis(7))
    column = next(c for c in tables["department"].columns if c.conditions == LEGAL_CHECK)
    hidden = tables["department"].without({tables["department"].key(row, column) for row in ("計", "D01", "D03")})
    assert derivable([tables["matrix"], hidden]) == [("通", LEGAL_CHECK)]


def test_every_table_of_a_report_is_closed_against_sums() -> None:
    shown, n_hidden = hide_small_cells(build_tables(fake_analysis(7)), 10)
    assert n_hidden > 0 and not derivable(shown.values())
    assert all(not 0 < n < 10 for t in shown.values() for n in t.values().values())
