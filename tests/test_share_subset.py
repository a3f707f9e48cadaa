"""Everything visible in 公表 is visible in 庁内共有, and everything there in 担当内: cell by cell."""

from __future__ import annotations

import random
import re
from typing import Any

import pandas as pd
import pytest

import textlens as tl
from textlens import schema
from textlens.report import view as gate
from textlens.report.attributes import RARE
from textlens.report.masking import printable
from textlens.report.view import UNREAD, WITHHELD, View, apply_profile
from textlens.sample import sample_survey_path
from textlens.tables.attributes import kind_of_column, normalize_value

MASK = re.compile(r"【[^】]*】|〔削除〕")
NAMES = ("大石", "鷲巣", "葛野", "木暮")
PIECES = (
    "隣の{0}さんの犬がうるさい。", "窓口の{0}さんが親切でした。", "{0}工務店の工事がうるさい。", "{0}工務店の{0}社長が困った人です。", "市長の{0}氏に期待します。",
    "{0}地区は柄が悪い。", "母が入院しました。", "私は四十五歳です。", "電話は090-1234-5678です。", "{0}クリニックは待たせる。", "公園の遊具を直してほしい。",
    "道路が狭くて困る。", "【氏名】の欄が小さい。", "ありがとうございます。", "自治会長の{0}さんが会費を返さない。", "中央地区の道が暗い。",
)  # fmt: skip


def invented() -> pd.DataFrame:
    draw = random.Random(7)
    texts = ["".join(draw.choice(PIECES).format(draw.choice(NAMES)) for _ in range(draw.randint(1, 4))) for _ in range(240)]
    return pd.DataFrame(
        {
            "text": [f"{text}その{n}。" for n, text in enumerate(texts)],
            "性別": [draw.choice(("男性", "女性")) for _ in texts], "年齢": [draw.randint(20, 79) for _ in texts],
            "居住地区": [draw.choice(("中央地区", "東地区", "大石地区")) for _ in texts], "公開同意": [draw.choice(("可", "可", "不可", "")) for _ in texts],
        },
        index=[f"{n:04d}" for n in range(len(texts))],
    )  # fmt: skip


@pytest.fixture(scope="module", params=["invented", "sample"])
def views(request: pytest.FixtureRequest) -> tuple[dict[str, View], dict[str, dict[Any, Any]]]:
    frame = invented() if request.param == "invented" else tl.read_comments(sample_survey_path())
    analysis = tl.analyze(frame, n_topics=6)
    found, old = {}, {}
    patch = pytest.MonkeyPatch()
    renumber = gate._renumbered

    def noted(rows: pd.DataFrame, spans: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
        result = renumber(rows, spans)
        old["公表"] = dict(zip(result[0].index, result[0]["was"], strict=True))
        return result

    patch.setattr(gate, "_renumbered", noted)
    for name in schema.PROFILES:
        found[name] = apply_profile(analysis, name)
        old.setdefault(name, {i: i for i in found[name].comments.index})
    patch.undo()
    return found, old


PAIRS = list(zip(schema.PROFILES, schema.PROFILES[1:], strict=False))


def pieces_inside(strict: str, loose: str) -> bool:
    """Do the readable pieces of a masked text stand, in order, in the other one?"""
    at = 0
    for piece in MASK.split(strict):
        at = loose.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


def evidence(cell: str) -> set[tuple[str, str]]:
    """Return (label, word) of a cell like 苦情: 遅い、来ない／要望: てほしい."""
    found, label = set(), ""
    for part in re.split("[、／]", cell):
        label, word = part.split(": ", 1) if ": " in part else (label, part)
        found.add((label, word))
    return found


def cell_inside(name: str, strict: Any, loose: Any) -> bool:
    if pd.isna(strict) or strict in ("", RARE) or strict == loose:
        return True
    if name == "text":
        return strict in (WITHHELD, UNREAD) or loose not in (WITHHELD, UNREAD) and pieces_inside(strict, loose)
    if name.endswith("_words"):
        return evidence(strict) <= evidence(loose)
    if str(strict) == normalize_value(str(loose), kind_of_column(name))[0]:
        return True  # the usual spelling of the same value
    return name == "年齢" and str(strict) == f"{int(loose) // 10 * 10}代"


@pytest.mark.parametrize(("wide", "narrow"), PAIRS)
def test_every_cell_of_the_list(wide: str, narrow: str, views: tuple[dict[str, View], dict[str, dict[Any, Any]]]) -> None:
    found, old = views
    strict, loose = found[narrow].comments, found[wide].comments
    assert set(strict.columns) <= set(loose.columns) and len(strict)
    broken = [
        (name, number)
        for name in strict.columns
        for number, value in strict[name].items()
        if not cell_inside(name, value, loose.at[old[narrow][number], name])
    ]
    assert broken == []


@pytest.mark.parametrize(("wide", "narrow"), PAIRS)
def test_every_mark_number_topic_and_list(wide: str, narrow: str, views: tuple[dict[str, View], dict[str, dict[Any, Any]]]) -> None:
    found, old = views
    strict, loose = found[narrow], found[wide]
    for number, spans in strict.spans.items():
        own = old[narrow][number]
        shown = {(loose.comments.at[own, "text"][a:b], kind) for a, b, kind in loose.spans.at[own]}
        assert {(strict.comments.at[number, "text"][a:b], kind) for a, b, kind in spans} <= shown
    for name, table in strict.tables.items():
        assert table.values().items() <= loose.tables[name].values().items()
    topics = {t.topic: t for t in loose.topics}
    for topic in strict.topics:
        other = topics[topic.topic]
        assert topic.size in (None, other.size) and set(topic.words) <= set(other.words)
        assert all(any(pieces_inside(quote, q) for q in loose.comments["text"]) for quote in topic.quotes)
    for name, rows in strict.review.items():
        assert set(rows.index) <= set(loose.review[name].index)


def test_the_texts_of_the_office_are_those_of_the_file(views: tuple[dict[str, View], dict[str, dict[Any, Any]]]) -> None:
    found, _ = views
    shared = found["庁内共有"].comments["text"]
    written = found["担当内"].comments["text"]
    assert all(pieces_inside(s, w) for s, w in zip(shared, written, strict=True) if s not in (WITHHELD, UNREAD))
    assert shared.str.contains("【").any() and all(printable(w)[0] == w for w in written)


def test_the_comparison_can_fail() -> None:
    assert not cell_inside("text", "隣の大石さん", "隣の【近隣住民1】さん")
    assert not cell_inside("text", "公園", WITHHELD) and not cell_inside("intent", "praise", "complaint")
    assert cell_inside("text", "隣の【近隣住民1】さん", "隣の大石さん")
