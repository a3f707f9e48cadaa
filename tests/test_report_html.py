"""The HTML report: one file, no network, comments never read as HTML."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.report_sample import fake_analysis
from textlens import schema
from textlens.report import write_html
from textlens.report.words import banned_words


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.data = ""
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag if tag in ("script", "style") else ""
        if tag == "script" and dict(attrs).get("type") == "application/json":
            self._inside = "json"

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "json":
            self.data += data
        elif not self._inside:
            self.words.append(data)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    path = write_html(fake_analysis(), tmp_path_factory.mktemp("h") / "報告.html")
    return Page(path.read_text(encoding="utf-8"))


def test_it_asks_the_network_for_nothing(page: Page) -> None:
    links = [v for tag, attrs in page.tags for k, v in attrs.items() if k in ("src", "href", "action", "srcset") and v]
    assert all(v.startswith(("#", "data:image/svg+xml;base64,")) for v in links)
    assert not any(tag in ("link", "iframe", "object", "embed") for tag, _ in page.tags)
    policy = next(a["content"] for tag, a in page.tags if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'")


def test_comments_are_data_not_markup(page: Page) -> None:
    assert not any(tag == "b" for tag, _ in page.tags)
    data = json.loads(page.data)
    assert "<b>この街が好き</b>＆感謝" in data["columns"]["text"]["values"]
    assert "<" not in page.data and "&" not in page.data


def test_list_holds_every_comment_with_its_evidence(page: Page) -> None:
    data = json.loads(page.data)
    assert data["n"] == 9 == len(data["columns"]["id"]["values"]) == len(data["spans"]["rows"])
    first = data["columns"]["text"]["values"][0]
    marks = {(first[a:b], data["spans"]["names"][n]) for a, b, n in data["spans"]["rows"][0]}
    assert marks == {("困る", "苦情"), ("てほしい", "要望"), ("窓口", "市民課")}
    labels = {"intent", "polarity", "demand", "legal_check", "urgent", "held", "department", "topic"}
    assert set(data["filters"]) == labels | {"性別", "年齢", "居住地区", "公開同意"}


def test_offsets_are_those_of_javascript(tmp_path: Path) -> None:
    analysis = fake_analysis()
    analysis.comments.loc["00008", "text"] = "😀" + analysis.comments.at["00008", "text"]
    rows = analysis.findings["id"].eq("00008")
    analysis.findings.loc[rows, ["start", "end"]] += 1
    data = json.loads(Page(write_html(analysis, tmp_path / "a.html").read_text(encoding="utf-8")).data)
    row = data["columns"]["id"]["values"].index("00008")
    text = data["columns"]["text"]["values"][row].encode("utf-16-le")
    (a, b, _), *_ = data["spans"]["rows"][row]
    assert text[2 * a : 2 * b].decode("utf-16-le") == "てほしい"


def test_a_filter_has_one_choice_per_meaning(tmp_path: Path) -> None:
    analysis = fake_analysis()
    analysis.comments["性別"] = (["男", "男性", "女", "女性", "無回答"] * 9)[: len(analysis.comments)]
    data = json.loads(Page(write_html(analysis, tmp_path / "a.html").read_text(encoding="utf-8")).data)
    assert set(data["columns"]["性別"]["names"]) == {"男性", "女性", "無回答"}


def test_cells_filter_to_as_many_comments_as_they_say(page: Page) -> None:
    data = json.loads(page.data)
    columns = {n: [c["names"][v] for v in c["values"]] if "names" in c else c["values"] for n, c in data["columns"].items()}
    pressed = 0
    for tag, attrs in page.tags:
        if tag == "button" and attrs.get("data-filter"):
            wanted = json.loads(attrs["data-filter"])
            shown = int(re.sub(r"\D", "", attrs.get("title", "")) or -1)
            found = sum(all(columns[k][i] == v for k, v in wanted.items()) for i in range(data["n"]))
            assert shown in (found, -1), attrs
            pressed += 1
    assert pressed > 20


def test_it_can_be_used_without_eyes_or_mouse(page: Page) -> None:
    tags = [tag for tag, _ in page.tags]
    assert {"main", "header", "nav", "footer"} <= set(tags) and ("html", {"lang": "ja"}) in page.tags
    assert all(a.get("alt") for tag, a in page.tags if tag == "img")
    assert tags.count("caption") == tags.count("table") and tags.count("h1") == 1
    targets = {a["href"][1:] for tag, a in page.tags if tag == "a"}
    assert targets <= {a.get("id") for _, a in page.tags}


def test_sentences_are_carried_and_nothing_banned_is_said(page: Page) -> None:
    words = "\n".join(page.words)
    for start in ("無記名でも", "第三者に関する記述が 1 件", "自動検出は見落とし", "置換・キー化をしても", "件数は記入した人の中", "法的対応の『要確認』は候補", "データ: 意見.xlsx"):
        assert start in words
    assert [w for w in page.words if banned_words(w)] == []


@pytest.mark.parametrize("profile", schema.PROFILES)
def test_the_same_input_gives_the_same_bytes(tmp_path: Path, profile: str) -> None:
    first = write_html(fake_analysis(4), tmp_path / "a.html", profile=profile)
    assert first.read_bytes() == write_html(fake_analysis(4), tmp_path / "b.html", profile=profile).read_bytes()


@pytest.mark.parametrize("profile", schema.PROFILES[1:])
def test_nothing_hidden_travels_inside_the_file(tmp_path: Path, profile: str) -> None:
    text = write_html(fake_analysis(12), tmp_path / "a.html", profile=profile).read_text(encoding="utf-8")
    assert "大石" not in text and "+81" not in text and "あ" * 100 not in text
    if profile == "公表":
        assert "側溝のふた" not in text and "00003" not in text and "東地区" not in text


def test_an_empty_survey_gives_a_page(tmp_path: Path) -> None:
    analysis = fake_analysis()
    analysis.comments = analysis.comments.assign(status="blank", text="")
    analysis.findings, analysis.topics, analysis.units = analysis.findings.iloc[:0], analysis.topics.iloc[:0], analysis.units.iloc[:0]
    assert "全体の収支" in write_html(analysis, tmp_path / "a.html").read_text(encoding="utf-8")
