"""The numbers of the report are the numbers of the data."""

from __future__ import annotations

import pandas as pd

from tests.report_sample import fake_analysis
from textlens.report.tables import build_tables, read_rows


def test_every_table_sums_to_the_comments_or_units_that_were_read() -> None:
    analysis = fake_analysis(3)
    tables = build_tables(analysis)
    n_read, n_units = len(read_rows(analysis)), len(analysis.units)
    assert n_read == 27 - 3 == n_units
    for name in ("intent_polarity", "matrix", "topic"):
        assert tables[name].number("計", "計") == n_read
    for name in ("intent_polarity_units", "matrix_units"):
        assert tables[name].number("計", "計") == n_units
    assert tables["intent"].number("計", "主な種別（通）") == n_read == tables["department"].number("計", "主担当の候補（通）")


def test_the_same_number_is_the_same_in_every_table() -> None:
    seen: dict[object, int] = {}
    tables = build_tables(fake_analysis(5)).values()
    for table in tables:
        for key, n in table.values().items():
            assert seen.setdefault(key, n) == n
    for parts, total in [e for table in tables for e in table.equations()]:
        assert sum(seen[k] for k in parts) == seen[total]


def test_matrix_cells_are_what_filtering_the_list_gives() -> None:
    analysis = fake_analysis()
    table = build_tables(analysis)["matrix"]
    rows = read_rows(analysis)
    for name in table.cells.index[:-1]:
        demand, law = name.split("|")
        asks = rows["is_request"].astype(bool) | rows["implied_request"].astype(bool)
        wanted = rows[asks.eq(demand == "demand") & rows["legal_check"].astype(bool).eq(law == "check")]
        assert table.number(name, "計") == len(wanted)


def test_several_kinds_are_counted_but_do_not_pretend_to_add_up() -> None:
    table = build_tables(fake_analysis())["intent"]
    column = table.columns[1].name
    assert table.number("complaint", column) == 4 and table.number("complaint", "主な種別（通）") == 3
    assert table.number("計", column) is None and not table.meaningful("計", column)


def test_held_comments_are_their_own_row() -> None:
    table = build_tables(fake_analysis())["department"]
    assert table.number("held", "主担当の候補（通）") == 1 and table.number("D03", "主担当の候補（通）") == 2
    assert table.number("X1", "主担当の候補（通）") == 1


def test_an_analysis_without_topics_or_rows_still_has_tables() -> None:
    analysis = fake_analysis()
    analysis.topics = analysis.topics.iloc[:0]
    assert "topic" not in build_tables(analysis)
    analysis.comments["status"] = "blank"
    tables = build_tables(analysis)
    assert tables["intent_polarity"].number("計", "計") == 0 and isinstance(tables["matrix"].cells, pd.DataFrame)
