"""What each profile lets through: every stricter one a subset of the one before."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pandas as pd
import pytest

from tests.report_sample import fake_analysis
from textlens import schema
from textlens.errors import DictionaryError, DisclosureError, ParameterError
from textlens.report.attributes import (
    RARE,
    consent,
    known_heading,
    quasi_identifiers,
    shown_attributes,
    speaks_ill_of_a_district,
)
from textlens.report.masking import mask_texts, move_spans, personal_rows, to_mask
from textlens.report.profiles import load_profile
from textlens.report.sheets_numbers import key_figures
from textlens.report.tables import LEGAL_CHECK
from textlens.report.view import UNREAD, WITHHELD, apply_profile
from textlens.report.words import HIDDEN, headings
from textlens.rules import use_dictionaries


@pytest.fixture
def overlay(tmp_path: Path):
    (tmp_path / "report").mkdir()
    use_dictionaries(tmp_path)
    yield tmp_path / "report"
    use_dictionaries(None)


def test_columns_and_numbers_shrink_from_profile_to_profile() -> None:
    wide = None
    for name in schema.PROFILES:
        view = apply_profile(fake_analysis(12), name)
        shown = {(t.name, key) for t in view.tables.values() for key in t.values()}
        now = (set(view.comments.columns), shown, set(view.review), {h.name for h in headings(name)})
        if wide:
            assert all(strict <= loose for strict, loose in zip(now, wide, strict=True))
            assert any(strict < loose for strict, loose in zip(now, wide, strict=True))
        wide = now


def test_inside_the_office_every_row_stands_as_written() -> None:
    analysis = fake_analysis()
    view = apply_profile(analysis)
    assert list(view.comments.index) == list(analysis.comments.index)
    same = [a == b for a, b in zip(view.comments["text"], analysis.comments["text"], strict=True)]
    assert same.count(False) == 1  # the one with \r\n and a control character
    assert view.comments["text"].iloc[6].startswith("@図書館")


def test_shared_texts_are_masked_and_the_gravest_withheld() -> None:
    view = apply_profile(fake_analysis(), "庁内共有")
    texts = view.comments["text"]
    assert "+81" not in texts["00002"] and "【電話番号】" in texts["00002"]
    assert texts["00004"] == WITHHELD and texts["00009"] == UNREAD
    assert view.counts["withheld"] == 2
    assert not any("大石" in str(v) for v in view.comments.to_numpy().ravel())
    assert not any("大石" in str(topic) for topic in view.topics)


def test_publication_needs_consent_and_says_how_many_were_left_out() -> None:
    analysis = fake_analysis(12)
    view = apply_profile(analysis, "公表")
    assert set(view.comments.index.str[0]) == {"P"} and not set(view.comments.index) & set(analysis.comments.index)
    assert not view.attributes and not view.review
    assert not view.comments["text"].str.contains("側溝|大石|柄が悪い|特になし|^あ").any()
    assert view.counts["published"] == len(view.comments) == 12 * 5
    sentence = next(s for s in view.sentences.values() if "公開に同意した" in s)
    assert "掲載 60 件" in sentence and "不同意 12 件" in sentence and "未記入・未確認 12 件" in sentence


RARE_TEXT = "私は市内で唯一の女性猟師です。鳥獣害対策の補助を増やしてほしい。"


ALONE = [(RARE_TEXT, "ok", "request", "neutral", "D03", 0, 0, 0, 3, "女性", 41, "東地区", "可")]


def test_what_singles_somebody_out_in_the_text_is_not_published() -> None:
    analysis = fake_analysis(1, ALONE * 3)
    view = apply_profile(analysis, "公表")
    assert view.counts["withheld"] == apply_profile(fake_analysis(), "公表").counts["withheld"] + 3
    assert not view.comments["text"].str.contains("唯一|猟師").any() and not any("唯一" in quote for t in view.topics for quote in t.quotes)
    assert apply_profile(analysis, "庁内共有").comments["text"].eq(RARE_TEXT).sum() == 3


def test_what_was_replaced_singles_nobody_out_any_more() -> None:
    analysis = fake_analysis(1, ALONE * 3)
    ids = analysis.comments.index[analysis.comments["text"].eq(RARE_TEXT)]
    start, end = RARE_TEXT.index("市内"), RARE_TEXT.index("です")
    added = pd.DataFrame({"id": ids, "unit": 0, "start": start, "end": end, "label": "role", "subject": "self", "score": 1.0, "rule": "review", "source": schema.DECIDED})
    analysis.findings = pd.concat([analysis.findings, added], ignore_index=True)
    texts = apply_profile(analysis, "公表").comments["text"]
    assert texts.str.contains("鳥獣害対策").sum() == 3 and not texts.str.contains("唯一|猟師").any()


def test_a_topic_that_is_large_enough_is_told_though_its_size_is_hidden() -> None:
    """One comment has topic 1: the size of topic 2 (three) goes with it, what it is about does not."""
    view = apply_profile(fake_analysis(), "庁内共有")
    sizes = {t.topic: t.size for t in view.topics}
    assert sizes == {"1": None, "2": None, "3": 4} and view.tables["topic"].number("計", "計") == 8
    labels = {t.topic: t.label for t in view.topics}
    assert labels["1"] == "話題1（少数のため内容は非表示）" and labels["2"] == "図書館・広報"


def test_a_figure_at_the_front_tells_nothing_that_a_table_hides() -> None:
    view = apply_profile(fake_analysis(12), "庁内共有")
    held = view.tables["department"].key("held", view.tables["department"].columns[0])
    told = {name: value for name, value, _ in key_figures(view)}
    assert told["担当を保留（通）"] == told["法的対応の要確認（通）"] == 12
    hidden = replace(view, tables=view.tables | {"department": view.tables["department"].without({held, ("通", LEGAL_CHECK)})})
    told = {name: value for name, value, _ in key_figures(hidden)}
    assert told["担当を保留（通）"] == told["法的対応の要確認（通）"] == HIDDEN and told["分類した回答（通）"] == 96


def test_an_unclear_answer_is_not_consent() -> None:
    analysis = fake_analysis(12)
    liked = analysis.comments["text"].str.contains("この街が好き")
    assert apply_profile(analysis, "公表").comments["text"].str.contains("この街が好き").sum() == 12
    analysis.comments.loc[liked, "公開同意"] = "未記入"
    assert not apply_profile(analysis, "公表").comments["text"].str.contains("この街が好き").any()


def test_evidence_that_touches_a_masked_place_is_not_shown() -> None:
    analysis = fake_analysis()
    row = analysis.findings.iloc[[0]].assign(id="00002", start=0, end=6, label="praise")
    analysis.findings = pd.concat([analysis.findings, row], ignore_index=True)
    assert "+81の電話" in apply_profile(analysis).comments.at["00002", "intent_words"]
    assert "+81" not in str(apply_profile(analysis, "庁内共有").comments.loc["00002"].to_dict())


def test_without_a_consent_column_nothing_is_published() -> None:
    analysis = fake_analysis(12)
    analysis.comments = analysis.comments.drop(columns="公開同意")
    analysis.attributes = analysis.attributes[:-1]
    view = apply_profile(analysis, "公表")
    assert view.comments.empty and "公開の同意を尋ねた列" in view.sentences["no_consent_column"]


def test_the_order_of_publication_does_not_follow_the_file() -> None:
    view = apply_profile(fake_analysis(12), "公表")
    kinds = [schema.MAIN_INTENTS.index(k) for k in view.comments["intent"]]
    assert kinds == sorted(kinds)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("可", "可"), ("はい", "可"), ("不可", "不可"), ("公開しない", "未確認"), ("", "未確認"), (None, "未確認"), ("未記入", "未確認"), (" 可 ", "可")],
)
def test_only_a_clear_yes_is_a_yes(answer: str | None, expected: str) -> None:
    analysis = fake_analysis()
    comments = analysis.comments.assign(公開同意=answer)
    found = consent(comments, analysis.attributes)
    assert found is not None and set(found) == {expected}
    assert consent(comments, ["性別"]) is None


DENIED = ["公開に同意しない", "非公開に同意", "公開同意しない", "掲載不可に同意", "公開を希望しない", "掲載を断る", "公開不可", "公開しないでほしい",
          "公表に同意しません", "公開拒否", "非公開希望", "公　開　不　可", "掲載ＮＧ", "公開同意なし", "公開に不同意"]  # fmt: skip
ASKED = ["公開同意", "公開の可否", "公開してよい", "公表可", "公開に同意する", "公開しても構わない", "公開して差し支えない", "公開しても構いません", "公表希望", "氏名の掲載の承諾"]
BOTH = ["公開（可・不可）", "公開する／しない", "公開・非公開", "公開に同意する・同意しない", "公開に同意しない場合は○", "公開の同意・不同意"]


@pytest.mark.parametrize("heading", DENIED)
@pytest.mark.parametrize("answer", ["○", "はい", "する", "可", "同意する", "公開可", "", None, "×", "いいえ", "1"])
def test_a_heading_that_denies_never_gives_consent(heading: str, answer: str | None) -> None:
    found = consent(pd.DataFrame({heading: [answer]}), [heading])
    assert found is not None
    assert found.tolist() == ["不可" if answer in ("○", "はい", "する", "可", "同意する") else "未確認"]


@pytest.mark.parametrize("heading", ASKED)
def test_a_heading_that_asks_takes_the_answer_as_it_stands(heading: str) -> None:
    found = consent(pd.DataFrame({heading: ["○", "可", "否", "不可", "×", ""]}), [heading])
    assert found is not None and found.tolist() == ["可", "可", "不可", "不可", "不可", "未確認"]


@pytest.mark.parametrize("heading", BOTH)
def test_under_a_heading_with_both_answers_a_mark_says_nothing(heading: str) -> None:
    found = consent(pd.DataFrame({heading: ["○", "はい", "×", "可", "不可", "同意しない", ""]}), [heading])
    assert found is not None and found.tolist() == ["未確認", "未確認", "未確認", "可", "不可", "不可", "未確認"]


@pytest.mark.parametrize("heading", ["公開講座", "公開可能性", "掲載された広報", "公開してほしい資料", "非公開会議"])
def test_other_headings_ask_for_no_consent(heading: str) -> None:
    assert consent(pd.DataFrame({heading: ["○"]}), [heading]) is None


@pytest.mark.parametrize("heading", DENIED[:3])
def test_nothing_is_published_under_a_heading_that_denies(heading: str) -> None:
    analysis = fake_analysis(12)
    analysis.comments = analysis.comments.rename(columns={"公開同意": heading}).assign(**{heading: "○"})
    analysis.attributes = [*analysis.attributes[:-1], heading]
    view = apply_profile(analysis, "公表")
    assert view.comments.empty and view.counts["consented"] == 0 and view.counts["refused"]


def test_where_two_columns_ask_the_least_willing_answer_holds() -> None:
    comments = pd.DataFrame({"公開同意（意見）": ["可", "可", "可", "不可"], "公開同意（属性）": ["可", "不可", None, "可"]})
    found = consent(comments, list(comments.columns))
    assert found is not None and found.tolist() == ["可", "不可", "未確認", "不可"]


def test_rare_combinations_of_attributes_are_blanked_after_coarsening() -> None:
    analysis = fake_analysis(4)
    frame = shown_attributes(analysis.comments, analysis.attributes, load_profile("庁内共有"))
    kept = frame[frame["性別"] != RARE].groupby(["性別", "年齢", "居住地区"]).size()
    assert (kept >= 3).all() and set(frame["年齢"]) <= {f"{d}0代" for d in range(10)} | {RARE}
    once = shown_attributes(fake_analysis().comments, analysis.attributes, load_profile("庁内共有"))
    assert (once["居住地区"] == RARE).sum() >= 8
    assert shown_attributes(analysis.comments, analysis.attributes, load_profile("公表")).empty


def test_spellings_of_one_value_are_not_rare_combinations() -> None:
    comments = pd.DataFrame({"年代": ["60代", "６０代", "60歳代", "六十代"], "性別": ["男", "男性", "男", "男性"], "公開同意": ["未記入", "可", "可", "可"]})
    shown = shown_attributes(comments, list(comments), load_profile("庁内共有"))
    assert shown["年代"].tolist() == ["60代"] * 4 and shown["性別"].tolist() == ["男性"] * 4 and shown["公開同意"].iloc[0] == "未記入"
    assert shown_attributes(comments, list(comments), load_profile("担当内")).equals(comments)


def test_speaking_ill_of_a_district_is_seen() -> None:
    analysis = fake_analysis()
    flags = speaks_ill_of_a_district(analysis.comments, analysis.attributes)
    assert list(flags.index[flags]) == ["00010"]


@pytest.mark.parametrize(
    ("kind", "subject", "identify", "everything"),
    [
        ("person_name", "staff", True, True), ("role", "staff", False, True), ("health", "self", False, True), ("health", "family", True, True),
        ("person_name", "public_figure", False, False), ("health", "public_figure", False, True), ("phone", "self", True, True), ("role", "private", True, True),
    ],
)  # fmt: skip
def test_which_findings_are_replaced(kind: str, subject: str, identify: bool, everything: bool) -> None:
    row = personal_rows(fake_analysis().findings).iloc[:1].assign(type=kind, subject=subject)
    assert (len(to_mask(row, "none")), len(to_mask(row, "identify")), len(to_mask(row, "all"))) == (0, identify, everything)


def test_overlapping_findings_leave_no_end_readable() -> None:
    from textlens.report.masking import without_overlap

    analysis = fake_analysis()
    rows = personal_rows(analysis.findings).iloc[[0, 0]].assign(id="00004", start=[2, 3], end=[5, 6], type="affiliation", subject="private")
    texts = analysis.comments["text"]
    shown = mask_texts(texts, without_overlap(rows))["00004"]
    assert shown.startswith("隣の【") and shown.endswith("】が夜中に騒ぐ。困る。")


def test_spans_move_with_the_mask_or_vanish() -> None:
    assert move_spans("隣の大石さんの声", "隣の【近隣住民1】さんの声", [(2, 4)], [(7, 8, "x"), (3, 5, "y")]) == [(12, 13, "x")]
    assert move_spans("隣の大石さんの声", "まったく別の文", [(2, 4)], [(7, 8, "x")]) == []


def test_every_marked_span_shows_the_words_of_the_finding() -> None:
    analysis = fake_analysis()
    for profile in schema.PROFILES[:2]:
        view = apply_profile(analysis, profile)
        wanted = {(i, analysis.comments.at[i, "text"][a:b]) for i, a, b in zip(analysis.findings["id"], analysis.findings["start"], analysis.findings["end"], strict=True)}
        shown = {(i, text[a:b]) for i, text, spans in zip(view.comments.index, view.comments["text"], view.spans, strict=True) for a, b, _ in spans}
        assert shown and shown <= wanted
        assert ("00007", "暗い") in shown  # after \r\n


def test_a_profile_cannot_be_made_looser_than_the_one_before(overlay: Path) -> None:
    (overlay / "profiles.tsv").write_text("setting\t担当内\t庁内共有\t公表\tnote\nmin_cell\t1\t5\t3\t\n", encoding="utf-8")
    with pytest.raises(DictionaryError, match="min_cell"):
        load_profile("公表")
    (overlay / "profiles.tsv").write_text("setting\t担当内\t庁内共有\t公表\tnote\nmin_cell\t1\t5\t20\t\n", encoding="utf-8")
    assert load_profile("公表").min_cell == 20


def test_banned_words_in_an_overlay_stop_the_output(overlay: Path) -> None:
    (overlay / "profiles.tsv").write_text("setting\t担当内\t庁内共有\t公表\tnote\ntitle\t担当内\t匿名加工版\t公表\t\n", encoding="utf-8")
    with pytest.raises(DisclosureError, match="ban-anon-001"):
        apply_profile(fake_analysis(), "庁内共有")


def test_unknown_profile_and_bad_settings_are_named(overlay: Path) -> None:
    with pytest.raises(ParameterError, match="担当内・庁内共有・公表"):
        apply_profile(fake_analysis(), "外部")
    (overlay / "profiles.tsv").write_text("setting\t担当内\t庁内共有\t公表\tnote\nmask\tnone\t少し\tall\t\n", encoding="utf-8")
    with pytest.raises(DictionaryError, match="mask"):
        load_profile("庁内共有")


def test_repr_of_a_view_holds_no_words() -> None:
    assert "大石" not in repr(apply_profile(fake_analysis())) and "窓口" not in repr(apply_profile(fake_analysis()))
    assert {f.name for f in fields(load_profile("公表"))} >= {"min_cell", "mask"}


def test_no_overlay_takes_away_the_sentences_a_report_must_carry(overlay: Path) -> None:
    (overlay / "sentences.tsv").write_text("id\tprofile\ttext\tnote\nlegal\t公表\t候補です。\t\n", encoding="utf-8")
    assert apply_profile(fake_analysis()).sentences["legal"] == "候補です。"
    (overlay / "sentences.tsv").write_text("id\tprofile\ttext\tnote\nlegal\t\t\t\n", encoding="utf-8")
    with pytest.raises(DictionaryError, match="legal"):
        apply_profile(fake_analysis())


HEADINGS_OF_FREE_TEXT = ["公開同意の備考", "種別（その他）", "地区長", "回答方法の種別備考", "性別その他", "地区名", "地区担当"]


@pytest.mark.parametrize("heading", HEADINGS_OF_FREE_TEXT)
def test_a_column_stays_out_unless_its_whole_heading_is_known(heading: str) -> None:
    analysis = fake_analysis(12)
    analysis.comments[heading] = "大石太郎さんに頼まれた"
    analysis.attributes = [*analysis.attributes, heading]
    view = apply_profile(analysis, "庁内共有")
    assert heading not in view.attributes and not view.comments.astype(str).apply(lambda c: c.str.contains("大石太郎")).any(axis=None)
    assert f"「{heading}」" in dict(view.method)["一覧に載せていない属性の列"]


@pytest.mark.parametrize("heading", ["問1 性別", "性別（SA）", "お住まいの地区", "ご年齢", "年代別", "居住地区", "種別（自己申告）"])
def test_what_usually_stands_around_a_heading_does_not_count(heading: str) -> None:
    profile = load_profile("庁内共有")
    assert known_heading(heading, profile)
    assert bool(quasi_identifiers([heading], profile)) is not heading.startswith("種別")


@pytest.mark.parametrize("value", ["大石太郎さん", "090-1234-5678", "oishi@example.jp", "窓口で二十分も待たされたので課長に言ってもらいたいと思いました"])
def test_a_known_column_with_a_person_or_free_text_is_dropped_whole(value: str) -> None:
    analysis = fake_analysis(12)
    analysis.comments["種別"] = ["苦情", "要望", "感謝"] * 43 + ["苦情", "要望", value]
    analysis.attributes = [*analysis.attributes, "種別"]
    view = apply_profile(analysis, "庁内共有")
    assert "種別" not in view.comments and "列ごと外しました" in dict(view.method)["一覧に載せていない属性の列"]
    assert "種別" in apply_profile(analysis).comments


@pytest.mark.parametrize("value", ["大石太郎", "oishi@example.jp", "090-1234-5678"])
def test_ids_that_name_people_stop_what_shows_them(value: str) -> None:
    analysis = fake_analysis()
    old = analysis.comments.index[0]
    analysis.comments = analysis.comments.rename(index={old: value})
    analysis.units["id"], analysis.findings["id"] = analysis.units["id"].replace(old, value), analysis.findings["id"].replace(old, value)
    analysis.topics["representatives"] = [tuple(value if i == old else i for i in ids) for ids in analysis.topics["representatives"]]
    with pytest.raises(DisclosureError, match="1 件") as caught:
        apply_profile(analysis, "庁内共有")
    assert value not in str(caught.value)
    assert value not in str(apply_profile(analysis, "公表").comments.to_dict()) and value in apply_profile(analysis).comments.index


@pytest.mark.parametrize("name", ["庁内共有", "公表"])
def test_the_name_of_the_file_stays_at_the_desk(name: str) -> None:
    analysis = fake_analysis()
    analysis.run["input"]["reading"] |= {"file": "大石太郎_意見.csv", "sheet": "大石", "left_out": ((90, "集計行（大石）"), (91, "集計行（大石）"))}
    view = apply_profile(analysis, name)
    assert not any("大石" in text for text in [str(view.accounting), str(view.method), *view.sentences.values()])
    assert "abababababab" in view.sentences["provenance"] and "大石太郎" in apply_profile(analysis).sentences["provenance"]


def test_columns_may_be_numbered_but_not_doubled_or_lists() -> None:
    analysis = fake_analysis()
    analysis.comments = analysis.comments.rename(columns={"性別": 1})
    analysis.attributes = [1, *analysis.attributes[1:]]
    assert "1" in apply_profile(analysis).comments
    analysis.comments["性別"] = [["女"]] * len(analysis.comments)
    analysis.attributes = ["性別"]
    with pytest.raises(ParameterError, match="一つの文字か数"):
        apply_profile(analysis)
    analysis.attributes = ["年齢", "年齢"]
    with pytest.raises(ParameterError, match="二つ以上"):
        apply_profile(analysis)
