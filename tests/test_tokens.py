"""Tokens lie on the citizen's own characters, whatever was written."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textlens.errors import InputFileError, ParameterError
from textlens.text.normalize import normalize, normalize_all, raw_span
from textlens.tokens import Tokenizer, Tokens, as_tokens, join_compounds, term_matrix

NASTY = [
    "", " ", "\n", "　", "ﾊﾞｽが１０分㈱葛川！！🙏　次に\n森さん\0へ。", "か゛ﾞﾟ", "が㍿㌔½", "👨‍👩‍👧‍👦の家族", "\u200b窓\ufeff口",
    "①②③㈲髙﨑〜～", "e\u0301a\u0300", "\ud800窓口", "한글ᄒ\u1161ᆫ", "a\r\nb\tc", "゛゜", "３ー２−１‐１", "ｶﾞｷﾞｸﾞ", "𠮷野家", "\x1b[31m赤",
]  # fmt: skip
nasty_text = st.text(
    st.one_of(
        st.sampled_from("ﾊﾞｽ㈱①㌔½゛ﾟ\u3099\u309a🙏👨\u200d\ufe0f\0\n\r\t　 バス増便窓口が困る。、！？〜－ー髙𠮷\u0301"),
        st.characters(),
    ),
    max_size=80,
)


def check_cover(tokens: Tokens) -> None:
    for doc in range(tokens.n_docs):
        low, high = int(tokens.doc_offsets[doc]), int(tokens.doc_offsets[doc + 1])
        last = nlast = 0
        for i in range(low, high):
            start, end = int(tokens.starts[i]), int(tokens.ends[i])
            assert tokens.raw[doc][start:end] == tokens.vocabulary.surface[tokens.ids[i]]
            assert tokens.norm[doc][tokens.nstarts[i] : tokens.nends[i]] == tokens.vocabulary.norm[tokens.ids[i]]
            assert start >= last and end > start
            assert not tokens.norm[doc][nlast : tokens.nstarts[i]].strip(" \n"), "a character is in no token"
            last, nlast = end, int(tokens.nends[i])
        assert not tokens.norm[doc][nlast:].strip(" \n")


@pytest.mark.parametrize("text", NASTY)
def test_every_token_is_a_slice_of_the_raw_text(text: str) -> None:
    tokens = as_tokens([text, "窓口が親切", text])
    check_cover(tokens)
    check_cover(join_compounds(tokens, ["窓口", "バス停"]))


@given(st.lists(nasty_text, max_size=4))
@settings(max_examples=300, deadline=None)
def test_cover_property(texts: list[str]) -> None:
    tokens = as_tokens(texts)
    assert tokens.n_docs == len(texts) and tokens.raw == texts
    check_cover(tokens)
    check_cover(join_compounds(tokens, ["増便"]))


@given(nasty_text)
@settings(max_examples=300, deadline=None)
def test_normalised_offsets_come_back_to_whole_characters(text: str) -> None:
    copy = normalize(text)
    if copy.starts is None:
        assert len(copy.text) == len(text)
        return
    for i in range(len(copy.text)):
        start, end = raw_span(copy, i, i + 1)
        assert 0 <= start < end <= len(text)
    assert list(copy.starts) == sorted(copy.starts)


@given(st.lists(nasty_text, max_size=4))
@settings(max_examples=60, deadline=None)
def test_a_batch_is_normalised_as_text_by_text(texts: list[str]) -> None:
    for one, batch in zip(map(normalize, texts), normalize_all(texts), strict=True):
        assert one.text == batch.text
        assert (one.starts is None) == (batch.starts is None)
        if one.starts is not None and one.ends is not None:
            assert np.array_equal(one.starts, batch.starts)
            assert np.array_equal(one.ends, batch.ends)


def test_20000_characters() -> None:
    check_cover(as_tokens(["公園の遊具が壊れていて危ない㈱" * 1300]))


def test_a_row_does_not_depend_on_its_neighbours() -> None:
    alone = as_tokens(["森の手入れをお願いします。"]).to_frame().drop(columns="id")
    among = as_tokens([*NASTY, "森の手入れをお願いします。"])[len(NASTY) : len(NASTY) + 1].to_frame().drop(columns="id")
    pd.testing.assert_frame_equal(alone, among)


def test_half_width_kana_are_read_as_words() -> None:
    frame = as_tokens(["ｺﾐｭﾆﾃｨﾊﾞｽ"]).to_frame()
    assert frame["base"].tolist() == ["コミュニティ", "バス"] or "バス" in frame["base"].iloc[-1]
    assert "".join(frame["surface"]) == "ｺﾐｭﾆﾃｨﾊﾞｽ"


def test_slice_concat_save_load(tmp_path) -> None:  # type: ignore[no-untyped-def]
    texts = pd.Series([t for t in NASTY if "\ud800" not in t], index=[f"{i:04d}" for i in range(len(NASTY) - 1)])
    tokens = as_tokens(texts)
    again = Tokens.concat([tokens[:5], tokens[5:]])
    pd.testing.assert_frame_equal(again.to_frame(), tokens.to_frame())
    assert again.index.tolist() == texts.index.tolist()
    assert tokens[np.array([3, 1])].raw == [texts.iloc[3], texts.iloc[1]]
    check_cover(tokens[[4, 0, 6]])
    tokens.save(tmp_path / "t.npz")
    loaded = Tokens.load(tmp_path / "t.npz")
    pd.testing.assert_frame_equal(loaded.to_frame(), tokens.to_frame())
    check_cover(loaded)


@pytest.mark.parametrize(
    "index",
    [
        pd.DatetimeIndex(["2024-04-01", "2024-04-02"], name="日"), pd.Index([np.int64(3), "x"], dtype=object), pd.RangeIndex(2),
        pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["課", "番号"]), pd.Index([datetime.date(2024, 4, 1), 2.5], dtype=object),
    ],
)  # fmt: skip
def test_ids_of_every_kind_are_kept(tmp_path: Path, index: pd.Index) -> None:
    tokens = as_tokens(pd.Series(["公園が狭い。", "道が暗い。"], index=index))
    tokens.save(tmp_path / "t.npz")
    pd.testing.assert_index_equal(Tokens.load(tmp_path / "t.npz").index, index, exact="equiv")


def test_a_file_that_holds_no_tokens_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="無い.npz がありません"):
        Tokens.load(tmp_path / "無い.npz")
    tokens = as_tokens(["公園が狭い。"])
    tokens.save(tmp_path / "t.npz")
    whole = (tmp_path / "t.npz").read_bytes()
    np.savez(tmp_path / "別.npz", a=np.zeros(2))
    for data in (b"", b"abc", whole[:200], (tmp_path / "別.npz").read_bytes()):
        (tmp_path / "壊.npz").write_bytes(data)
        with pytest.raises(InputFileError, match="壊.npz は Tokens.save"):
            Tokens.load(tmp_path / "壊.npz")
    with pytest.raises(ParameterError, match="フォルダ"):
        tokens.save(tmp_path / "無い" / "t.npz")


def test_positions_that_are_none() -> None:
    tokens = as_tokens(["公園が狭い。", "道が暗い。"])
    assert tokens[[]].raw == [] and tokens[[True, False]].raw == ["公園が狭い。"] and tokens[[-1]].raw == ["道が暗い。"]
    for key in (["00002"], "a", None, 1.5, [0.5], {"a": 1}, 0):
        with pytest.raises(ParameterError, match="位置の並び"):
            tokens[key]  # type: ignore[index]
    for key in (500, [500], [True], np.ones(3, bool)):
        with pytest.raises(IndexError, match="位置の文はありません|真偽の配列の長さ") as error:
            tokens[key]  # type: ignore[index]
        assert isinstance(error.value, ParameterError)


def test_missing_and_wrong_values() -> None:
    assert as_tokens(pd.Series([None, float("nan"), pd.NA, "窓口"])).raw == ["", "", "", "窓口"]
    with pytest.raises(ParameterError, match="2 件目"):
        as_tokens(["窓口", 12])  # type: ignore[list-item]
    with pytest.raises(ParameterError, match="並び"):
        Tokenizer().transform("窓口")


def test_matrix_does_not_depend_on_order() -> None:
    texts = ["公園が狭い", "バスの本数", "公園のバス"]
    matrix, terms = term_matrix(as_tokens(texts))
    other, same = term_matrix(as_tokens(texts[::-1]))
    assert terms.tolist() == same.tolist()
    assert (matrix.toarray() == other.toarray()[::-1]).all()


@pytest.mark.parametrize(
    ("text", "terms", "expected"),
    [
        ("待機児童が多い", (), ["待機児童", "が", "多い"]),
        ("放課後児童クラブの待ち時間", ("待ち時間",), ["放課後児童クラブ", "の", "待ち時間"]),
        ("バス 停", ("バス停",), ["バス", "停"]),
        ("子どもの居場所がない", ("子どもの居場所",), ["子どもの居場所", "が", "ない"]),
        ("市役所 窓口", (), ["市役所", "窓口"]),
        ("森さんと市民課の職員さん", (), ["森", "さん", "と", "市民課", "の", "職員", "さん"]),
    ],
)
def test_compounds(text: str, terms: tuple[str, ...], expected: list[str]) -> None:
    assert join_compounds(as_tokens([text]), terms).surfaces(0) == expected


def test_repr_holds_no_text() -> None:
    tokens = as_tokens(["秘密のことば"])
    assert "秘密" not in repr(tokens) + repr(tokens.vocabulary) + repr(tokens[:1])
