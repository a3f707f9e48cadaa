"""Pictures that compare: the numbers of their tables, whole labels, known glyphs, the same bytes, nothing a profile hides."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.text import Text

from tests.report_sample import fake_analysis
from textlens.errors import ParameterError
from textlens.report import pictures
from textlens.report.canvas import to_svg
from textlens.report.html import write_html
from textlens.report.pictures.base import free_figure
from textlens.report.pictures.topic_map import LEAST_DOT, draw_dots, map_table
from textlens.report.view import apply_profile
from textlens.report.words import banned_words
from textlens.tables import compare_groups, writing_rates
from textlens.tables.years import compare_years
from textlens.topics.layout import topic_layout
from textlens.words import cooccurrence, word_map

TEXTS = ["公園の遊具が古い", "公園の遊具で遊ぶ", "バスの運賃が高い", "バスの本数が少ない", "図書館の本が好き", "図書館の司書が親切"] * 4


def axes_of(size: tuple[float, float] = (7.6, 6.0)) -> Axes:
    return free_figure(size).add_subplot()


def cells_of_years() -> pd.DataFrame:
    read = fake_analysis(20).comments.query("status == 'ok'")
    years = {"令和6年": read.iloc[:60], "令和7年": read.iloc[50:110], "令和8年": read.iloc[100:]}
    return compare_years(years, ["is_complaint", "is_praise", "topic"])[0]


def cells_of_groups(min_cell: int = 1) -> pd.DataFrame:
    read = fake_analysis(20).comments.query("status == 'ok'")
    return compare_groups(read, ["性別", "居住地区"], ["is_complaint", "is_praise"], min_cell=min_cell)[0]


def group_series(n: int) -> pd.Series:
    return pd.Series((["若年", "中年", "高齢"] * n)[:n], name="年代")


DRAW: dict[str, Callable[[Axes], pictures.Picture]] = {
    "matrix": lambda ax: pictures.draw_matrix(fake_analysis(20), ax),
    "positions": lambda ax: pictures.draw_positions(fake_analysis(20), ax),
    "topic_map": lambda ax: pictures.draw_topic_map(fake_analysis(20), ax),
    "strengths": lambda ax: pictures.draw_strengths(fake_analysis(20), ax=ax),
    "network": lambda ax: pictures.draw_network(cooccurrence(pd.Series(TEXTS)), ax),
    "correspondence": lambda ax: pictures.draw_correspondence(word_map(pd.Series(TEXTS), group_series(len(TEXTS))), ax),
    "years": lambda ax: pictures.draw_years(cells_of_years(), ["is_complaint", "is_praise"], ax),
    "interest": lambda ax: pictures.draw_interest(cells_of_years(), ax, names={"1": "窓口"}),
}


@pytest.mark.parametrize("name", DRAW)
def test_every_label_is_whole_and_every_glyph_known(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a missing glyph is a warning of matplotlib
        picture = DRAW[name](axes_of())
        figure = picture.axes.get_figure(root=True)
        assert isinstance(figure, Figure)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
    drawn, (width, height) = figure.get_tightbbox(canvas.get_renderer()), figure.get_size_inches()
    assert drawn.x0 >= -0.02 and drawn.y0 >= -0.02 and drawn.x1 <= width + 0.02 and drawn.y1 <= height + 0.02
    assert len(picture.table)


@pytest.mark.parametrize("name", DRAW)
def test_no_picture_speaks_of_all_citizens_or_of_causes(name: str) -> None:
    axes = DRAW[name](axes_of()).axes
    said = [t.get_text() for t in axes.get_figure(root=True).findobj(Text)]
    assert any(said) and [t for t in said if banned_words(t)] == []


@pytest.mark.parametrize("name", DRAW)
def test_the_same_bytes_again(name: str) -> None:
    assert to_svg(DRAW[name](axes_of()).axes) == to_svg(DRAW[name](axes_of()).axes)


def test_matrix_cells_add_up_and_name_their_comments() -> None:
    analysis = fake_analysis(20)
    table = pictures.draw_matrix(analysis, axes_of()).table
    assert table["count"].sum() == analysis.comments["status"].eq("ok").sum()
    assert [len(ids) for ids in table["ids"]] == table["count"].tolist()
    assert sum(len(set(ids)) for ids in table["ids"]) == len({i for ids in table["ids"] for i in ids})
    shared = pictures.draw_matrix(apply_profile(analysis, "庁内共有"), axes_of()).table
    assert not any(shared["ids"])


def test_positions_are_the_shares_of_the_topic_table() -> None:
    analysis = fake_analysis(20)
    table = pictures.draw_positions(analysis, axes_of()).table
    read = analysis.comments.query("status == 'ok'")
    for row in table.itertuples():
        own = read[read["topic"].eq(int(row.topic))]
        assert row.n == len(own) and row.negative == own["polarity"].eq("negative").sum()
        assert row.low <= row.negative_share <= row.high and row.share == pytest.approx(len(own) / len(read))


def test_topics_that_may_be_shown_are_placed_and_hidden_ones_are_not_said_to_be_small() -> None:
    """In 公表 two topics have 15 and 20 comments and shown polarities; where all are hidden, that is what is said."""
    view = apply_profile(fake_analysis(12), "庁内共有")
    placed = pictures.draw_positions(view, axes_of()).table
    assert len(placed) and placed["share"].sum() <= 1 and placed.attrs["read"] == 96
    few = apply_profile(fake_analysis(2), "公表")
    picture = pictures.draw_positions(few, axes_of())
    said = " ".join(text.get_text() for text in picture.axes.texts)
    assert picture.table.empty and "数を伏せた話題" in said and "通以上の話題がありません" not in said
    none = pictures.draw_positions(fake_analysis(), axes_of(), min_n=50)
    assert "50 通以上の話題がありません" in " ".join(text.get_text() for text in none.axes.texts)


@pytest.mark.parametrize("dpi", [60, 72, 100])
@pytest.mark.parametrize("number", [None, *range(10)])
def test_no_mark_vanishes_when_thousands_are_drawn(number: int | None, dpi: int) -> None:
    figure = Figure(figsize=(2, 2), dpi=dpi)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    draw_dots(axes, pd.DataFrame({"x": np.linspace(0.1, 0.93, 7), "y": np.linspace(0.1, 0.81, 7)}), number, LEAST_DOT)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    dark = 255 - np.asarray(canvas.buffer_rgba())[..., :3].min(axis=2).astype(int)
    assert dark.sum() > 7 * 60


def test_small_topics_are_not_on_the_map_of_a_profile_that_hides_them() -> None:
    view = apply_profile(fake_analysis(1), "庁内共有")
    hidden = {t.topic for t in view.topics if t.size is None}
    assert hidden and not set(map_table(view)["topic"].astype(str)) & hidden
    with pytest.raises(ParameterError, match="担当内"):
        pictures.strengths(view)


def test_strengths_trace_to_comments() -> None:
    analysis = fake_analysis(20)
    table = pictures.strengths(analysis)
    for row in table.itertuples():
        assert len(row.praise_ids) == row.praise and len(row.complaint_ids) == row.complaint
        assert analysis.comments.loc[list(row.praise_ids), "is_praise"].all()
        assert analysis.comments.loc[list(row.complaint_ids), "topic"].eq(row.topic).all()
    with pytest.raises(ParameterError, match="列「色」がありません"):
        pictures.strengths(analysis, "色")


def test_small_multiples_share_a_scale_and_hide_small_cells() -> None:
    figure = free_figure((7, 5))
    picture = pictures.draw_groups(cells_of_groups(min_cell=5), figure=figure, names={"is_complaint": "苦情を含む"})
    assert len({axes.get_xlim() for axes in figure.axes if axes.axison}) == 1
    assert len(figure.axes) == 4 and "苦情を含む" in figure.axes[0].get_title(loc="left")
    assert set(picture.table["label"]) == {"is_complaint", "is_praise"}
    with pytest.raises(ParameterError, match="label の値"):
        pictures.draw_groups(cells_of_groups(), ["無い"], figure=free_figure((3, 3)))


def test_the_rate_of_writing_is_a_share_of_what_came_back() -> None:
    figure = free_figure((7, 4))
    everyone = fake_analysis(20).comments
    picture = pictures.draw_groups(writing_rates(everyone, "性別")[0], figure=figure)
    assert picture.table["n"].sum() == len(everyone) > everyone["status"].eq("ok").sum()
    assert figure.get_supxlabel().startswith("回収した票のうち") and figure.axes[0].get_title(loc="left") == "性別：記入率"
    pictures.draw_groups(cells_of_groups(), figure=(other := free_figure((7, 5))))
    assert other.get_supxlabel().startswith("書いた人のうち")


def test_years_say_which_label_is_missing_and_how_many_lines_fit() -> None:
    cells = cells_of_years()
    with pytest.raises(ParameterError, match="「無い」が表にありません"):
        pictures.draw_years(cells, ["無い"], axes_of())
    with pytest.raises(ParameterError, match="8 本まで"):
        pictures.draw_years(pd.concat([cells.assign(label=str(i)) for i in range(9)]), [str(i) for i in range(9)], axes_of())


def test_labels_of_ours_are_japanese_by_themselves() -> None:
    axes = pictures.draw_years(cells_of_years(), ["is_complaint", "is_praise"], axes_of()).axes
    assert [t.get_text() for t in axes.get_legend().get_texts()] == ["苦情", "感謝・評価"]
    figure = free_figure((7, 5))
    pictures.draw_groups(cells_of_groups(), ["is_complaint"], figure=figure)
    assert figure.axes[0].get_title(loc="left") == "性別：苦情"


def test_interest_ranks_by_share_and_ties_share_a_rank() -> None:
    rows = [("topic=a", "1", 10, 5), ("topic=b", "1", 10, 3), ("topic=c", "1", 10, 3), ("topic=d", "1", 10, 0),
            ("topic=a", "2", 20, 4), ("topic=b", "2", 20, 8), ("topic=c", "2", 20, 0), ("topic=d", "2", 20, 2)]  # fmt: skip
    cells = pd.DataFrame(rows, columns=["label", "year", "n", "count"]).assign(share=lambda t: t["count"] / t["n"])
    table = pictures.interest_ranking(cells).set_index("label")
    assert table["rank_from"].fillna(0).to_dict() == {"a": 1, "b": 2, "c": 2, "d": 0}
    assert table["rank_to"].fillna(0).to_dict() == {"b": 1, "a": 2, "d": 3, "c": 0}
    assert table.at["b", "rank_change"] == 1 and table.at["a", "change"] == pytest.approx(-0.3)
    assert pd.isna(table.at["d", "rank_change"])


def test_layout_does_not_depend_on_the_order_of_rows() -> None:
    texts = pd.Series([f"{t}{i}" for i, t in enumerate(TEXTS)], index=[f"n{i}" for i in range(len(TEXTS))])
    topics = pd.Series([1, 1, 2, 2, 3, 3] * 4, index=texts.index)
    first = topic_layout(texts, topics)
    order = np.random.default_rng(0).permutation(len(texts))
    again = topic_layout(texts.iloc[order], topics.iloc[order])
    pd.testing.assert_frame_equal(first, again.loc[first.index])
    assert first[["x", "y"]].abs().to_numpy().max() <= 1
    middle = first.groupby("topic")[["x", "y"]].mean().to_numpy()
    apart = np.sqrt(((middle[:, None] - middle[None]) ** 2).sum(axis=2))[np.triu_indices(3, 1)]
    assert apart.min() > 0.3
    with pytest.raises(ParameterError):
        topic_layout(texts, topics.iloc[::-1])


def test_above_each_disc_stays_room_for_its_name() -> None:
    words = ["公園", "遊具", "バス", "運賃", "図書館", "司書", "病院", "医師", "道路", "歩道", "保育", "学校"]
    texts = pd.Series([f"{word}の{other}" for word in words for other in words * 2])
    topics = pd.Series(np.repeat(np.arange(len(words)), 2 * len(words)))
    widths = {number: 0.12 + 0.02 * number for number in range(len(words))}
    found = topic_layout(texts, topics, name_widths=widths)
    middle = found.groupby("topic")[["x", "y"]].mean()
    reach = np.hypot(*(found[["x", "y"]] - middle.loc[found["topic"]].to_numpy()).to_numpy().T)
    top = middle["y"] + pd.Series(reach).groupby(found["topic"]).max()
    for number, width in widths.items():
        beside = (found["x"] - middle.at[number, "x"]).abs() < width  # the page is two wide
        on_the_line = found["y"].between(top[number] + 0.01, top[number] + 0.06)
        assert not (beside & on_the_line).any(), number
    pd.testing.assert_frame_equal(found, topic_layout(texts, topics, name_widths=widths))


def test_no_name_on_the_map_covers_dots_or_names() -> None:
    picture = pictures.draw_topic_map(fake_analysis(20), axes_of((7.6, 7.0)))
    canvas = FigureCanvasAgg(picture.axes.get_figure(root=True))
    canvas.draw()
    dots = picture.axes.transData.transform(picture.table[["x", "y"]].to_numpy())
    boxes = [text.get_window_extent(canvas.get_renderer()) for text in picture.axes.texts]
    assert len(boxes) == picture.table["label"].nunique()
    assert not any(box.contains(x, y) for box in boxes for x, y in dots)
    assert sum(box.count_overlaps(boxes) for box in boxes) == len(boxes)  # each with itself alone


def test_no_line_stands_for_all_where_most_are_hidden() -> None:
    cells = cells_of_groups()
    cells["hidden"] = cells["group"].eq(cells.loc[cells.groupby("attribute")["n"].idxmax(), "group"].iloc[0])
    figure = free_figure((7, 5))
    pictures.draw_groups(cells, ["is_complaint"], figure=figure)
    dashed = [any(line.get_linestyle() == "--" for line in axes.lines) for axes in figure.axes]
    shown = cells[~cells["hidden"]].groupby("attribute", sort=False)["n"].sum() / cells.groupby("attribute", sort=False)["n"].sum()
    assert dashed == (shown >= 0.9).tolist() and not all(dashed)
    assert figure.get_supxlabel().endswith("＊は少数のため非表示。")


@pytest.mark.parametrize("texts", [[], ["特になし"], ["。", "!"]])
def test_layout_of_next_to_nothing(texts: list[str]) -> None:
    found = topic_layout(pd.Series(texts, dtype=object), pd.Series([1] * len(texts), dtype=int))
    assert len(found) == len(texts) and np.isfinite(found[["x", "y"]].to_numpy(float)).all()


def test_communities_of_words_differ_in_mark_and_colour() -> None:
    network = cooccurrence(pd.Series(TEXTS))
    axes = pictures.draw_network(network, axes_of()).axes
    marks = {tuple(map(tuple, c.get_paths()[0].vertices.round(3).tolist())) for c in axes.collections if isinstance(c, PathCollection)}
    assert network.nodes["community"].nunique() == len(marks) > 1


def test_empty_pictures_say_so() -> None:
    empty = fake_analysis(1)
    empty.comments["topic"] = pd.array([pd.NA] * len(empty.comments), "Int64")
    picture = pictures.draw_topic_map(empty, axes_of())
    assert any("意見がありません" in t.get_text() for t in picture.axes.texts) and picture.table.empty
    alone = pictures.draw_network(cooccurrence(pd.Series(["公園"])), axes_of())
    assert any("つながりのある語がありません" in t.get_text() for t in alone.axes.texts)


@pytest.mark.parametrize(("profile", "has_map"), [("担当内", True), ("庁内共有", True), ("公表", False)])
def test_the_twin_in_the_html_holds_what_the_profile_may_show(tmp_path, profile: str, has_map: bool) -> None:
    analysis = fake_analysis(20)
    html = write_html(analysis, tmp_path / "r.html", profile=profile).read_text(encoding="utf-8")
    data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL).group(1))
    assert (data["map"] is not None) == has_map and ('id="map"' in html) == has_map
    if has_map:
        view = apply_profile(analysis, profile)
        topic = data["columns"]["topic"]
        for row, x, y in zip(data["map"]["rows"], data["map"]["x"], data["map"]["y"], strict=True):
            assert topic["names"][topic["values"][row]] in data["map"]["number"] and abs(x) <= 1 and abs(y) <= 1
        assert len(data["map"]["rows"]) == len(map_table(view))
        assert set(data["attributes"]) <= set(view.attributes) and set(data["attributes"]) <= set(data["filters"])
    assert "大石" not in html or profile == "担当内"
