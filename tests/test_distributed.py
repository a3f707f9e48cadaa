"""Partitions of a Dask DataFrame give what one machine gives (needs the extra ``dask``; ``make test-dask`` brings it)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import textlens as tl
from textlens.errors import ParameterError

dask = pytest.importorskip("dask")
dd = pytest.importorskip("dask.dataframe")

TEXTS = [
    "駅前の街灯が切れたままです。早く直してください。",
    "窓口の山田さんが親切で助かりました。",
    None,
    "隣の佐藤さんが夜中に大声を出していて、眠れません。",
    "特になし",
    "図書館の開館時間を延ばしてほしい。",
    "住み続けたい町です。",
]
COMMENTS = pd.DataFrame({"text": TEXTS, "地区": list("北南北南北南北")}, index=pd.Index([f"{n:03d}" for n in range(7, 0, -1)], name="受付番号"))


@pytest.fixture(scope="module")
def whole() -> tl.Analysis:
    return tl.analyze(COMMENTS, n_topics=0)


@pytest.mark.parametrize("n", [1, 3])
def test_labels_do_not_depend_on_the_partitions(whole: tl.Analysis, n: int) -> None:
    from textlens.distributed import label_comments

    lazy = label_comments(dd.from_pandas(COMMENTS, npartitions=n, sort=False))
    found = lazy.compute(scheduler="synchronous")
    assert list(lazy.columns) == list(found.columns)
    wanted = whole.comments.drop(columns=["topic", "duplicate_group"])
    pd.testing.assert_frame_equal(found.astype(object).fillna("－"), wanted.astype(object).fillna("－"), check_column_type=False, check_index_type=False)


def test_evidence_does_not_depend_on_the_partitions(whole: tl.Analysis) -> None:
    from textlens.distributed import find_evidence

    found = find_evidence(dd.from_pandas(COMMENTS, npartitions=3, sort=False)).compute(scheduler="synchronous")
    assert found.astype(object).to_numpy().tolist() == whole.findings.astype(object).to_numpy().tolist()


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # of Dask, with pandas 3.1
def test_parquet_in_and_out(whole: tl.Analysis, tmp_path: Path) -> None:
    from textlens.distributed import label_comments, write_parquet

    dd.from_pandas(COMMENTS, npartitions=2, sort=False).to_parquet(str(tmp_path / "in"))
    with dask.config.set(scheduler="synchronous"):
        write_parquet(label_comments(dd.read_parquet(str(tmp_path / "in"))), tmp_path / "out")
    found = pd.read_parquet(tmp_path / "out").loc[COMMENTS.index]
    assert found["text"].tolist() == whole.comments["text"].tolist()
    assert [tuple(v) for v in found["third_party"]] == whole.comments["third_party"].tolist()
    assert found["sentiment"].equals(whole.comments["sentiment"].astype(found["sentiment"].dtype))


def test_a_plain_table_is_refused_with_what_to_do() -> None:
    from textlens.distributed import label_comments

    with pytest.raises(ParameterError, match=r"textlens\.analyze"):
        label_comments(COMMENTS)
