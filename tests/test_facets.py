"""Facets: the cases a clerk would check, what must hold for any text, and the levels on labels not tuned on."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from textlens.errors import DictionaryError
from textlens.facets.signals import load_combinations, load_laws
from textlens.facets.tagger import FacetTagger
from textlens.rules import read_table, use_dictionaries
from textlens.schema import ACTORS, FINDING_COLUMNS, TARGETS
from textlens.tokens import as_tokens

CASES = Path(__file__).parent / "cases"
COLUMNS = ["concrete", "urgent", "legal_check", "legal_basis", "actor", "target", "city_fault"]


def cases(name: str) -> list[pytest.param]:
    table = pd.read_csv(CASES / name, sep="\t", dtype=str, keep_default_na=False)
    marks = {"xfail": [pytest.mark.xfail(strict=True)]}
    return [pytest.param(r.text, r.expected, id=r.id, marks=marks.get(r.status, [])) for r in table.itertuples()]


@pytest.mark.parametrize(("text", "expected"), cases("facets_tags.tsv"))
def test_tags(text: str, expected: str) -> None:
    row = FacetTagger().transform([text]).iloc[0]
    wanted = dict(pair.split("=") for pair in expected.split())
    got = {name: str(int(row[name])) if name not in ("actor", "target") else row[name] for name in wanted}
    assert got == wanted


def test_invented_quiet_voices_are_found() -> None:
    table = pd.read_csv(CASES / "facets_legal.tsv", sep="\t")
    tags = FacetTagger().transform(table["text"])
    for kind in ("legal_check", "urgent"):
        truth = table[kind].astype(bool).to_numpy()
        found = tags[kind].to_numpy()
        assert found[truth].mean() >= 0.97, kind
        assert truth[found].mean() >= 0.75, kind


def test_combinations_show_their_examples() -> None:
    rows = {row["id"]: row for row in read_table("facets/combinations.tsv")}
    tagger = FacetTagger()
    for column, expected in (("example", True), ("counterexample", False)):
        found = tagger.findings(pd.Series({name: row[column] for name, row in rows.items()}))
        hit = set(zip(found["id"], found["rule"].str.split("/").str[0], strict=True))
        wrong = [name for name in rows if ((name, name) in hit) is not expected]
        assert not wrong, (column, wrong)


def test_every_flag_has_a_law_and_a_finding() -> None:
    table = pd.read_csv(CASES / "facets_legal.tsv", sep="\t")
    tags, found = FacetTagger().transform(table["text"]), FacetTagger().findings(table["text"])
    laws = {law for group in load_laws().values() for law in group}
    for number, row in tags.iterrows():
        labels = found.loc[found["id"] == number, "label"]
        assert row["legal_check"] == (len(row["legal_basis"]) > 0) == labels.str.startswith("legal:").any()
        assert set(row["legal_basis"]) <= laws
        assert row["urgent"] == (labels == "urgent").any()


def test_findings_are_quotations() -> None:
    texts = pd.Series({"a": "㈱の前の側溝のﾌﾀが外れて子どもが落ちそう。近くに公園がない。", "b": ""})
    found = FacetTagger().findings(texts)
    assert list(found.columns) == list(FINDING_COLUMNS)
    for row in found.itertuples():
        assert 0 <= row.start < row.end <= len(texts[row.id])
    assert "公園がない" in {texts["a"][r.start : r.end] for r in found[found["label"] == "lack"].itertuples()}


TEXT = st.lists(st.sampled_from(["子ども", "が", "道の", "穴", "に", "落ち", "そう", "。", "\n", "叩", "夫", "ｶﾞ", "市役所", "😀", " ", "ない"]), max_size=25).map("".join)


@given(st.lists(TEXT, max_size=5))
@settings(max_examples=60, deadline=None)
def test_any_text(texts: list[str]) -> None:
    index = [f"k{i}" for i in range(len(texts))]
    tagger = FacetTagger()
    tags = tagger.transform(pd.Series(texts, index=index, dtype=object))
    assert list(tags.columns) == COLUMNS and list(tags.index) == index
    assert set(tags["actor"]) <= set(ACTORS) and set(tags["target"]) <= set(TARGETS)
    for i, text in enumerate(texts):  # no dependence on neighbours
        assert tagger.transform([text]).iloc[0].to_dict() == tags.iloc[i].to_dict()
    tokens = as_tokens(texts)
    assert len(tagger.transform_units(tokens)) == len(tokens.units)
    for row in tagger.findings(tokens).itertuples():
        assert 0 <= row.start < row.end <= len(texts[row.id])


def test_scikit_learn_habits() -> None:
    tagger = clone(FacetTagger(legal_threshold=0.9))
    assert tagger.get_params()["legal_threshold"] == 0.9
    assert tagger.fit(["a"]) is tagger


def test_thresholds_only_add_flags() -> None:
    texts = pd.read_csv(CASES / "facets_legal.tsv", sep="\t")["text"]
    strict, wide = (FacetTagger(legal_threshold=t, urgent_threshold=t).transform(texts) for t in (1.1, 0.3))
    for kind in ("legal_check", "urgent"):
        assert (strict[kind] <= wide[kind]).all() and wide[kind].sum() > strict[kind].sum()


def test_units_and_comments_agree() -> None:
    tokens = as_tokens(pd.read_csv(CASES / "facets_legal.tsv", sep="\t")["text"] + "道が狭い。水がおいしい。")
    tags, units = FacetTagger().transform(tokens), FacetTagger().transform_units(tokens)
    for kind in ("legal_check", "urgent"):
        assert (units[kind].groupby(tokens.units.doc).any().to_numpy() == tags[kind].to_numpy()).all()
    assert ((units["legal_basis"].str.len() > 0) == units["legal_check"]).all()


def test_of_weak_signs_the_specific_one_names_the_law() -> None:
    texts = ["学校の子どもの写真が、断りなく広報にのっていました。", "孫が通う道のわきに、誰かの冷蔵庫が置かれたままです。", "孫が通う道が狭い。"]
    tags = FacetTagger(legal_threshold=0.05).transform(texts)
    found = FacetTagger(legal_threshold=0.05).findings(texts)
    score = found[found["label"].str.startswith("legal:")].groupby("id")["score"].max()
    assert (score < 1).all() and list(score.index) == [0, 1, 2]
    assert [basis[0] for basis in tags["legal_basis"]] == ["個人情報保護法68条", "廃棄物処理法16条", "児童虐待防止法6条"]


def test_explain_quotes_the_words() -> None:
    words = FacetTagger().explain("隣の空き家の瓦が落ちてきます。")
    assert {"空き家", "瓦"} <= set(words.loc[words["label"].str.startswith("legal:空家"), "text"])


def test_a_combination_with_an_unknown_law_is_named(tmp_path: Path) -> None:
    (tmp_path / "facets").mkdir()
    (tmp_path / "facets" / "combinations.tsv").write_text("id\tlaw\turgent\tneeds\twithout\tscope\nLC01\tない法\t1\tchild harm\t\tnear\n", encoding="utf-8")
    use_dictionaries(tmp_path)
    try:
        with pytest.raises(DictionaryError, match="LC01"):
            load_combinations()
    finally:
        use_dictionaries(None)


def held_back(name: str) -> bool:
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 10 >= 6


def test_tourism_answers_raise_few_flags(shared_data: Path) -> None:
    rows = [json.loads(line) for line in (shared_data / "gold" / "fukui_gold.jsonl").read_text(encoding="utf-8").splitlines()]
    tags = FacetTagger().transform([row["text"] for row in rows])
    assert tags["legal_check"].mean() <= 0.06 and tags["urgent"].mean() <= 0.05
    truth = np.array([row["concrete"] for row in rows])
    assert np.mean(tags["concrete"].to_numpy() == truth) >= max(truth.mean(), 1 - truth.mean()) + 0.04
