"""Corrections to topics: made again by analyze, told in the manifest, written by a clerk in Excel, refused where they do not fit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import textlens as tl
from textlens.cli import main
from textlens.errors import InputFileError, ParameterError
from textlens.sample import load_master, sample_survey_path
from textlens.status import row_status
from textlens.topics.edits import TopicEdits


@pytest.fixture(scope="module")
def comments() -> pd.DataFrame:
    return tl.read_comments(sample_survey_path("csv")).iloc[:120]


@pytest.fixture(scope="module")
def plain(comments: pd.DataFrame) -> tl.Analysis:
    return tl.analyze(comments, n_topics=6)


@pytest.fixture
def names(plain: tl.Analysis) -> list[str]:
    return plain.topics["label"].tolist()


def test_analyze_makes_them_again_and_tells(comments: pd.DataFrame, plain: tl.Analysis, names: list[str], tmp_path: Path) -> None:
    edits = TopicEdits().rename(names[0], "一番", "会議で").merge([names[2]], "一番").seed("車のこと", ["バス", "ネコ"])
    read = plain.comments[plain.comments["status"] == "ok"]
    labels, topics = edits.apply(tl.TopicClusterer(6).fit(read["text"]))
    result = tl.analyze(comments, n_topics=6, topic_edits=edits.save(tmp_path / "話題の修正.tsv"))
    assert result.comments["topic"].dropna().astype(int).tolist() == labels.tolist() != read["topic"].tolist()
    pd.testing.assert_frame_equal(result.topics, topics)
    assert {"一番", "車のこと"} <= set(result.topics["label"]) and names[2] not in set(result.topics["label"])
    assert result.run["parameters"]["topic_edits"] == edits.digest and plain.run["parameters"]["topic_edits"] is None
    assert TopicEdits().rename(names[0], "一番", "別のメモ").digest == TopicEdits().rename(names[0], "一番").digest != edits.digest
    same = [c for c in plain.comments if c != "topic"]
    pd.testing.assert_frame_equal(result.comments[same], plain.comments[same])


CLERK = [["名前を変える", "1 {0}", "一番の話題", "会議"], ["まとめる", "一番の話題", "{2}|{3}", ""], ["種の語", "猫のこと", "猫|ネコ", ""], ["固定", "猫のこと", "", ""]]


@pytest.mark.parametrize("kind", ["xlsx", "tsv-cp932", "tsv-utf-16", "tsv-utf-8-sig", "csv-cp932"])
def test_a_clerk_writes_it_in_excel_with_japanese_words(kind: str, names: list[str], tmp_path: Path) -> None:
    rows = pd.DataFrame([[cell.format(*names) for cell in row] for row in CLERK], columns=["操作", "話題", "値", "メモ"])
    suffix, _, encoding = kind.partition("-")
    path = tmp_path / f"修正.{suffix}"
    if suffix == "xlsx":
        rows.to_excel(path, index=False)
    else:
        rows.to_csv(path, sep="," if suffix == "csv" else "\t", index=False, encoding=encoding, lineterminator="\r\n")
    found = TopicEdits.load(path)
    ours = TopicEdits().rename(f"1 {names[0]}", "一番の話題").merge(names[2:4], "一番の話題").seed("猫のこと", ["猫", "ネコ"]).freeze("猫のこと")
    assert found.digest == ours.digest and found.edits[1].where == f"{path.name} 3 行目"


def test_an_excel_number_is_a_topic(tmp_path: Path) -> None:
    pd.DataFrame({"操作": ["名前を変える"], "話題": [3.0], "値": ["三番"]}).to_excel(tmp_path / "a.xlsx", index=False)
    assert TopicEdits.load(tmp_path / "a.xlsx").edits[0].topic == "3"


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        ("操作\t話題\t値\n名前を変える\t1 別の調査の話題\tA\n", ParameterError, "e.tsv 2 行目（rename）: 話題 1 の名前は.*別の文章"),
        ("操作\t話題\t値\n# 注\n\n名前を変える\t無い話題\tA\n", ParameterError, "e.tsv 4 行目（rename）: 話題「無い話題」がありません"),
        ("操作\t話題\t値\n分ける\t1\t猫、ネコ、ヌコ\n", ParameterError, r"2 行目（split）: 値の語を含む声がありません。.*\|"),
        ("操作\t話題\t値\n種の語\t1 別の話題\tバス\n", ParameterError, "2 行目（seed）: 話題 1 の名前は"),
        ("操作\t話題\t値\n種の語\t99\tバス\n", ParameterError, "話題「99」がありません"),
        ("操作\t話題\t値\n移す\t1\t99999\n", ParameterError, "2 行目（move）: id が 1 件"),
        ("操作\t話題\t値\n割る\t1\tA\n", InputFileError, "2 行目: 操作は まとめる（merge）・分ける（split）"),
        ("操作\t話題\n名前を変える\t1\n", InputFileError, "ない見出し: value"),
        ("操作\t話題\t値\n", InputFileError, "1 行もありません"),
        ("{}", InputFileError, "ない見出し: action、topic、value"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_is_refused(
    content: str, error: type[Exception], message: str, comments: pd.DataFrame, tmp_path: Path
) -> None:
    (tmp_path / "e.tsv").write_text(content, encoding="utf-8")
    with pytest.raises(error, match=message):
        tl.analyze(comments, n_topics=6, topic_edits=tmp_path / "e.tsv")


@pytest.mark.parametrize(("edits", "n_topics", "message"), [(TopicEdits(), 0, "--topics 0"), ([("rename", 1, "A")], None, "list が渡されました")])
def test_edits_that_cannot_be_used_stop_before_any_work(edits: object, n_topics: int | None, message: str, comments: pd.DataFrame) -> None:
    with pytest.raises(ParameterError, match=message):
        tl.analyze(comments, n_topics=n_topics, topic_edits=edits, progress=lambda step, done, total: pytest.fail("worked"))  # type: ignore[arg-type]


def test_words_are_found_however_wide_they_are_written() -> None:
    texts = pd.Series(["ＰＴＡの役員が大変だ。", "PTAをやめたい。", "バスが遠い。", "バスの本数が少ない。"])
    labels, topics = TopicEdits().seed("親の会", ["ＰＴＡ"]).apply(tl.TopicClusterer(1).fit(texts))
    number = topics.set_index("label").loc["親の会", "topic"]
    assert (labels == number).tolist() == [True, True, False, False]


def test_the_command_takes_the_file_and_writes_nothing_when_it_does_not_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = ["公園の草を刈ってください。", "バスの本数が少なくて困る。"] * 10
    pd.DataFrame({"受付番号": range(20), "自由意見": texts}).to_csv(tmp_path / "調査.csv", index=False)
    (tmp_path / "直す.tsv").write_text("操作\t話題\t値\n名前を変える\t1\t一番の話題\n", encoding="utf-8")
    (tmp_path / "合わない.tsv").write_text("操作\t話題\t値\n名前を変える\t無い\t一番の話題\n", encoding="utf-8")
    for name, code in (("直す", 0), ("合わない", 2)):
        given = ["analyze", tmp_path / "調査.csv", "--topics", 2, "--topic-edits", tmp_path / f"{name}.tsv", "--out", tmp_path / name, "--quiet"]
        assert main([str(a) for a in given]) == code
    assert "合わない.tsv 2 行目" in capsys.readouterr().err and not (tmp_path / "合わない").exists()
    book = pd.read_excel(tmp_path / "直す" / "結果_担当内.xlsx", sheet_name=None, header=None, dtype=str, engine="calamine")
    assert (book["話題"] == "一番の話題").any(axis=None)
    cells = [row for sheet in book.values() for row in sheet.fillna("").to_numpy().tolist()]
    digest = TopicEdits.load(tmp_path / "直す.tsv").digest
    assert any("話題の修正" in row and f"あり（印 {digest[:12]}）" in row for row in cells)


def test_years_are_laid_into_the_corrected_topics_of_the_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    town = ["バスの本数を増やして", "バス停に屋根がない", "路線バスの終バスが早い", "バスの運賃が高い", "図書館の新刊が少ない", "図書館の席が足りない", "図書館で本を探す"]
    park = ["公園の遊具が古い", "公園の草刈りをして", "公園のベンチが壊れている", "公園にトイレがない"]
    odd = ["鹿がいる", "猪が畑に出た", "猪に庭を荒らされた"]
    first = [f"{text}{end}" for text in town + park + odd for end in ("。", "と思う。", "のが残念だ。")]
    second = [f"{text}のです。" for text in town * 2 + park + odd]
    for name, texts in (("r6", first), ("r7", second)):
        pd.DataFrame({"受付番号": range(len(texts)), "自由意見": texts}).to_csv(tmp_path / f"{name}.csv", index=False)
    TopicEdits().seed("まちのこと", ["バス", "図書館"]).seed("獣害", ["鹿", "猪"]).save(tmp_path / "直す.tsv")
    years = [f"R6={tmp_path / 'r6.csv'}", f"R7={tmp_path / 'r7.csv'}"]
    given = ["compare", *years, "--topics", "3", "--topic-edits", str(tmp_path / "直す.tsv"), "--out", str(tmp_path / "年")]
    assert main(given) == 0
    cells = pd.read_csv(tmp_path / "年" / "年ごとの割合.csv")
    counts = cells[cells["label"].str.startswith("topic=")].pivot_table(index="name", columns="year", values="count", aggfunc="sum")
    assert counts.loc["話題: まちのこと"].tolist() == [21, 14] and counts.loc["話題: 獣害"].tolist() == [9, 3]
    assert counts.sum().tolist() == [len(first), len(second)]
    told = pd.read_excel(tmp_path / "年" / "年比較.xlsx", header=None, engine="calamine")[0]
    assert f"話題の修正: あり（印 {TopicEdits.load(tmp_path / '直す.tsv').digest[:12]}）。" in told.tolist()
    assert "まちのこと" in (tmp_path / "年" / "話題.json").read_text(encoding="utf-8")
    assert main([*given[:-1], str(tmp_path / "二"), "--frozen", str(tmp_path / "年" / "話題.json")]) == 2
    assert "話題の修正は当てられません" in capsys.readouterr().err and not (tmp_path / "二").exists()


def test_a_topic_made_of_leftovers_finds_its_comments_again_when_frozen() -> None:
    """Comments that fitted no topic are near the one staff made of them; before, none of its words counted as its own."""
    texts = load_master().set_index("id")["自由意見"].fillna("")
    texts = texts[row_status(texts) == "ok"]
    found = tl.TopicClusterer(6).fit(texts)
    labels, topics = TopicEdits().seed("墓地", ["墓", "火葬"]).apply(found)
    members = labels.index[labels == topics.set_index("label").loc["墓地", "topic"]]
    frozen = tl.FrozenTopics.of(found, labels, topics)
    again = frozen.assign(texts).labels
    assert found.corpus_.core[labels.index.isin(members)].sum() <= 1 and len(members) == 4
    assert (again[members] == frozen.labels.index("墓地") + 1).sum() >= 3


def test_one_word_number_or_id_is_one_item() -> None:
    made = TopicEdits().seed("公園", "公園").split(1, "窓口").split(1, 3).merge("23", 1).merge(2, 1).move("00017", 1).move(np.int64(5), np.int64(2))
    assert [(e.action, e.topic, e.value) for e in made.edits] == [
        ("seed", "公園", ("公園",)), ("split", "1", ("窓口",)), ("split", "1", ("3",)), ("merge", "1", ("23",)), ("merge", "1", ("2",)),
        ("move", "1", ("00017",)), ("move", "2", ("5",)),
    ]  # fmt: skip
    for wrong in (lambda: TopicEdits().merge(None, 1), lambda: TopicEdits().split(1, [None]), lambda: TopicEdits().rename([1], "a"), lambda: TopicEdits().merge(2.5, 1)):
        with pytest.raises(ParameterError, match="文字列か整数"):
            wrong()


def test_no_comments_are_laid_into_frozen_topics() -> None:
    found = tl.TopicClusterer(2).fit(pd.Series(["バスの本数を増やして。", "バス停が遠い。", "公園の遊具が古い。", "公園の遊具で遊ぶ。"]))
    laid = tl.FrozenTopics.of(found).assign(pd.Series([], dtype=object))
    assert laid.labels.tolist() == [] and laid.topics["size"].tolist() == [0, 0] and laid.frozen.all_labels == ["公園・遊具", "バス・本数"]
    assert tl.TopicClusterer(2, encoder=object()).fit_predict(pd.Series([], dtype=object)).tolist() == []  # type: ignore[arg-type]


def test_a_later_year_may_be_empty() -> None:
    first = pd.DataFrame({"text": ["公園の草を刈ってください。"] * 4})
    found = tl.analyze_years({"2024": first, "2025": first.iloc[:0], "2026": first}, n_topics=1)
    assert [len(frame) for frame in found.read.values()] == [4, 0, 4] and found.warnings == []
    assert found.read["2026"]["topic"].tolist() == [1] * 4
