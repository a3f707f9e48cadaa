"""Figures: Japanese glyphs, the numbers of the table, n, and nothing global changed."""

from __future__ import annotations

import warnings

import matplotlib as mpl
import pytest

from tests.report_sample import fake_analysis
from textlens.report import figures
from textlens.report.canvas import free_axes, to_svg
from textlens.report.tables import build_tables
from textlens.report.view import apply_profile

DRAWERS = [figures.draw_intents, figures.draw_polarity, figures.draw_intent_polarity, figures.draw_topics, figures.draw_departments]


@pytest.mark.parametrize("draw", DRAWERS)
def test_nothing_global_changes_and_every_glyph_is_there(draw) -> None:
    before = dict(mpl.rcParams)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        svg = to_svg(draw(fake_analysis(30), free_axes(8)))
    assert dict(mpl.rcParams) == before and "IPAexGothic" in svg


@pytest.mark.parametrize("draw", DRAWERS)
def test_n_is_in_the_title_and_the_bytes_are_the_same(draw) -> None:
    axes = draw(fake_analysis(30), free_axes(8))
    assert axes.get_title(loc="left").endswith("n＝240")
    assert to_svg(axes) == to_svg(draw(fake_analysis(30), free_axes(8)))


def test_bars_are_the_numbers_of_the_table() -> None:
    analysis = fake_analysis(30)
    tables = build_tables(analysis)
    for draw, name, column in ((figures.draw_intents, "intent", "主な種別（通）"), (figures.draw_polarity, "polarity", "通")):
        axes = draw(analysis, free_axes(8))
        counts = tables[name].cells[column].iloc[:-1].tolist()
        assert [p.get_width() for p in axes.patches] == counts
        assert [t.get_text().strip() for t in axes.texts] == [f"{n:,}" for n in counts]


def test_heat_matrix_and_topics_show_the_table() -> None:
    analysis = fake_analysis(30)
    tables = build_tables(analysis)
    axes = figures.draw_intent_polarity(analysis, free_axes(8))
    cells = tables["intent_polarity"].cells.iloc[:-1, :-1]
    assert [t.get_text() for t in axes.texts] == [f"{n:,}" for row in cells.to_numpy() for n in row]
    axes = figures.draw_topics(analysis, free_axes(8))
    assert sum(p.get_width() for p in axes.patches) == tables["topic"].number("計", "計")


def test_departments_are_ranked_with_the_held_ones_last() -> None:
    axes = figures.draw_departments(fake_analysis(30), free_axes(8))
    names = [t.get_text() for t in axes.get_yticklabels()]
    widths = [p.get_width() for p in axes.patches]
    assert names[-1] == "保留（人が決める）" and widths[:-1] == sorted(widths[:-1], reverse=True) and 0 not in widths


def test_hidden_numbers_are_starred_not_drawn() -> None:
    view = apply_profile(fake_analysis(4), "公表")
    axes = figures.draw_intents(view, free_axes(8))
    starred = [p.get_width() for p, t in zip(axes.patches, axes.texts, strict=True) if "＊" in t.get_text()]
    assert starred and set(starred) == {0.0}


def test_a_character_without_a_glyph_becomes_the_printers_mark() -> None:
    analysis = fake_analysis(3)
    analysis.topics.loc[0, "label"] = "窓口\U0001faad$x$の長い長い長い長い長い長い長い長い名前"
    axes = figures.draw_topics(analysis, free_axes(8))
    label = axes.get_yticklabels()[0].get_text()
    assert label.startswith("窓口〓＄x＄の") and label.endswith("…")
    to_svg(axes)


def test_empty_analysis_draws_an_empty_figure() -> None:
    analysis = fake_analysis()
    analysis.comments["status"] = "blank"
    assert figures.draw_intents(analysis, free_axes(8)).get_title(loc="left").endswith("n＝0")


def test_without_axes_a_figure_of_pyplot_is_given() -> None:
    plt = pytest.importorskip("matplotlib.pyplot")
    with mpl.rc_context({"backend": "agg"}):
        axes = figures.draw_polarity(fake_analysis())
        assert axes.figure.number in plt.get_fignums()
        plt.close(axes.figure)


def test_without_topics_the_picture_is_empty() -> None:
    analysis = fake_analysis()
    analysis.topics = analysis.topics.iloc[:0]
    analysis.comments["topic"] = None
    axes = figures.draw_topics(analysis, free_axes(1))
    assert "話題は作っていません" in to_svg(axes) or axes.texts[0].get_text() == "話題は作っていません。"
