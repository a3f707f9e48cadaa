"""Intent: minimal pairs, contract, learning, reasons."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from textlens.errors import DictionaryError, ParameterError
from textlens.intent.classifier import IntentClassifier
from textlens.rules import use_dictionaries
from textlens.schema import FINDING_COLUMNS, INTENTS, MAIN_INTENTS
from textlens.tokens import Tokenizer

CASES = Path(__file__).parent / "cases"


def cases(name: str) -> list:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [
        pytest.param(row["text"], row["expected"], id=row["id"],
                     marks=[pytest.mark.xfail(reason=row["why"], strict=True)] if row["status"] == "known" else [])
        for row in rows
    ]  # fmt: skip


def given_labels(text: str) -> set[str]:
    row = IntentClassifier().predict([text]).iloc[0]
    return {name for name in MAIN_INTENTS if row[name]} | ({"implied"} if row["implied_request"] else set())


@pytest.mark.parametrize(("text", "expected"), cases("intent_minimal_pairs.tsv"))
def test_minimal_pairs(text: str, expected: str) -> None:
    found = given_labels(text)
    wanted = [set(choice.split(",")) for choice in expected.split("|")]
    # what the table leaves open (implied or not) is not asked where it does not name it
    assert any(found == one or ("implied" not in one and found - {"implied"} == one) for one in wanted), found


@pytest.mark.parametrize(("text", "expected"), cases("intent_scope.tsv"))
def test_scope(text: str, expected: str) -> None:
    found = given_labels(text)
    for part in expected.split(","):
        if part.startswith("-"):
            assert part[1:] not in found
        else:
            assert part in found


TEXTS = pd.Series(
    ["街灯を増やしてください。", "窓口の方が親切でした。", "", "特になし", "道が狭くて危ない。㈱葛川の前です。"],
    index=["a", "b", "c", "d", "e"],
)


def test_frames_have_the_contract() -> None:
    model = IntentClassifier()
    table, proba = model.predict(TEXTS), model.predict_proba(TEXTS)
    assert list(table.columns) == [*MAIN_INTENTS, "implied_request", "primary"]
    assert list(proba.columns) == list(INTENTS)
    assert table.index.equals(TEXTS.index) and proba.index.equals(TEXTS.index)
    assert proba.to_numpy().min() >= 0 and proba.to_numpy().max() <= 1
    assert table[list(MAIN_INTENTS)].any(axis=1).all()
    assert table.loc["d", "none"] and table.loc["c", "none"]
    for name, row in table.iterrows():
        assert row[row["primary"]], name


def test_units_roll_with_tokens() -> None:
    tokens = Tokenizer().transform(TEXTS)
    units = IntentClassifier().predict_units(tokens)
    assert len(units) == len(tokens.units)
    assert list(units.columns) == ["intent", *(f"is_{name}" for name in INTENTS), "implied_request"]
    assert len(IntentClassifier().predict_proba_units(tokens)) == len(units)


def test_findings_are_verbatim() -> None:
    found = IntentClassifier().findings(TEXTS)
    assert list(found.columns) == list(FINDING_COLUMNS)
    for row in found.itertuples():
        assert 0 <= row.start < row.end <= len(TEXTS[row.id])
    assert (found.loc[found["id"] == "e", "label"] == "complaint").any()


def test_neighbours_do_not_matter() -> None:
    model = IntentClassifier()
    together = model.predict_proba(TEXTS)
    alone = pd.concat([model.predict_proba(TEXTS.iloc[[i]]) for i in range(len(TEXTS))])
    np.testing.assert_allclose(together.to_numpy(), alone.to_numpy(), atol=1e-12)


def test_explain_speaks_japanese() -> None:
    table = IntentClassifier().explain("いつもありがとうございます。バスを増やしてほしいです。")
    row = table[table["label"] == "request"].iloc[0]
    assert row["given"] and "望む" in row["why"]
    with pytest.raises(ParameterError, match="1 つ"):
        IntentClassifier().explain(["a"])  # type: ignore[arg-type]


def test_a_rule_can_be_switched_off() -> None:
    text = ["ベンチが欲しい"]
    on = IntentClassifier().findings(text)
    off = IntentClassifier(off_rules=("rq-hoshii-noun",)).findings(text)
    assert "rq-hoshii-noun" in set(on["rule"]) and "rq-hoshii-noun" not in set(off["rule"])
    assert IntentClassifier(off_rules=("rq-hoshii-noun",)).predict_proba(text)["request"][0] < (
        IntentClassifier().predict_proba(text)["request"][0]
    )


OWN = [f"{place}の件、至急ご対応願いたい" for place in ["駅", "橋", "港", "川", "坂", "森", "角", "門", "池", "畑"]] + [
    f"{thing}が好きです" for thing in ["海", "山", "空", "町", "店", "祭", "花", "鳥", "雪", "星"]
]
OWN_LABELS = ["緊急"] * 10 + ["愛着"] * 10


def test_fit_learns_an_offices_own_labels() -> None:
    model = IntentClassifier().fit(OWN, OWN_LABELS)
    table = model.predict(["郵便局の件、至急ご対応願いたい", "川が好きです"])
    assert table["緊急"].tolist() == [True, False]
    assert table["愛着"].tolist() == [False, True]
    # what ships still holds
    assert model.predict(["街灯を増やしてください。"])["request"].iloc[0]


def test_fit_moves_shipped_labels_and_keeps_the_rest() -> None:
    texts = [f"{name}に行きました" for name in ["図書館", "公園", "体育館", "役場", "公民館", "病院", "学校", "駅", "市場", "港"]] * 2
    before = IntentClassifier().predict_proba(["役場に行きました"])["report"].iloc[0]
    model = IntentClassifier().fit([*texts, "図書館が好きです", "駅がきれいです"], [{"report"}] * 20 + [{"praise"}] * 2)
    assert model.predict_proba(["役場に行きました"])["report"].iloc[0] > before
    assert model.predict(["窓口の方が親切で助かりました。"])["praise"].iloc[0]


def test_state_is_plain_data() -> None:
    model = IntentClassifier().fit(OWN, OWN_LABELS)
    again = IntentClassifier.from_dict(json.loads(json.dumps(model.to_dict())))
    pd.testing.assert_frame_equal(model.predict_proba(OWN), again.predict_proba(OWN))
    fresh = clone(IntentClassifier(threshold=0.4))
    assert fresh.get_params() == {"threshold": 0.4, "off_rules": ()}
    assert not hasattr(clone(model), "learnt_")


@pytest.mark.parametrize(
    ("labels", "message"),
    [(["緊急"] * 19, "20 件"), ([1] * 20, "1 件目"), ([[]] * 20, "一つもありません")],
)
def test_fit_refuses_bad_labels(labels: list, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        IntentClassifier().fit(OWN, labels)


def test_fit_refuses_few() -> None:
    with pytest.raises(ParameterError, match="10 件以上"):
        IntentClassifier().fit(OWN[:5], OWN_LABELS[:5])


def test_suggest_next_wants_doubt_and_variety() -> None:
    sure = ["道を直してください。"] * 6
    texts = pd.Series([*sure, "不便だけど、嫌いじゃない。", "まあ、そんなものでしょうか。"], index=range(10, 18))
    chosen = IntentClassifier().suggest_next(texts, 3)
    assert len(chosen) == 3 and len(set(chosen)) == 3
    assert len(set(chosen) & {16, 17}) == 2


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="道がないて欲しい、。「」!?ですかバス\n 　㈱ｶﾞ😀", max_size=40))
def test_any_text_gets_a_label(text: str) -> None:
    table = IntentClassifier().predict([text])
    assert table[list(MAIN_INTENTS)].iloc[0].any()
    found = IntentClassifier().findings([text])
    assert ((found["start"] >= 0) & (found["end"] <= len(text)) & (found["start"] < found["end"])).all()


def test_cues_an_office_adds_need_only_the_columns_it_fills(tmp_path: Path) -> None:
    folder = tmp_path / "intent"
    folder.mkdir()
    try:
        use_dictionaries(tmp_path)
        (folder / "cues.tsv").write_text("id\tlabel\tmatch\tterm\nmy-1\trequest\tliteral\tよしなに頼む\n", encoding="utf-8")
        assert "my-1" in IntentClassifier().findings(["街灯の件、よしなに頼む"])["rule"].tolist()
        (folder / "cues.tsv").write_text("id\tlabel\tmatch\tterm\nmy-1\t要望\tliteral\tよしなに頼む\n", encoding="utf-8")
        with pytest.raises(DictionaryError, match="my-1"):
            IntentClassifier().predict(["街灯の件"])
    finally:
        use_dictionaries(None)


def test_a_label_without_a_cue_names_the_clause_that_speaks_most_for_it() -> None:
    text = "HPには「併用可（一部除く）」とだけあり、その一部が何か書いてありません。補助は両方もらえるのでしょうか？"
    texts = ["審議会の委員がいつも同じ顔ぶれである。", "バス停に屋根がない。", text, ""]
    found = IntentClassifier().findings(texts)
    labels = IntentClassifier().predict(texts)
    learnt = found[found["rule"] == "learnt"]
    for number, whole in enumerate(texts):
        mine = found[found["id"] == number]
        for name in INTENTS:
            if labels.loc[number, name]:
                assert name in set(mine["label"]), (number, name)
        cued = set(mine.loc[mine["rule"] != "learnt", "label"])
        assert not cued & set(mine.loc[mine["rule"] == "learnt", "label"])
        assert all(whole[a:b].strip("、") == whole[a:b] != "" for a, b in zip(mine["start"], mine["end"], strict=True))
    assert len(learnt) and learnt["score"].between(0, 1).all()
    assert IntentClassifier().explain(texts[0])["why"].str.contains("学んだ重み").any()
