"""What an office taught is used by analyze: kinds, labels of its own, 課; and told in the manifest."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import textlens as tl
from textlens.cli import main
from textlens.errors import ParameterError
from textlens.intent.classifier import IntentClassifier
from textlens.routing.router import DepartmentRouter

COMMENTS = pd.DataFrame(
    {"text": ["どんぐり館をまた開けてほしい。", "特になし", "野良猫が庭に来る。", None, "神輿がよかった。"]}, index=[f"{i:03d}" for i in range(5)]
)


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("models")
    texts = pd.Series([f"{n}年ぶりの神輿が見事だった。" for n in range(2, 22)] + [f"街灯が{n}本切れている。" for n in range(2, 22)])
    own = pd.DataFrame({"祭り": [True] * 20 + [False] * 20, "complaint": [False] * 20 + [True] * 20})
    cats = [f"野良猫が{n}匹いて困る。" for n in range(2, 26)] + [f"どんぐり館に{n}回行った。" for n in range(2, 26)]
    kinds = tl.save_model(IntentClassifier().fit(texts, own), folder / "種別.json")
    offices = tl.save_model(DepartmentRouter().fit(cats, ["D29"] * 24 + ["D30"] * 24), folder / "課.json")
    return kinds, offices


def test_both_models_are_used_and_told(taught: tuple[Path, Path]) -> None:
    plain = tl.analyze(COMMENTS, n_topics=0)
    result = tl.analyze(COMMENTS, models=taught, n_topics=0)
    assert result.comments.loc[["000", "002"], "department"].tolist() == ["D30", "D29"]
    assert plain.comments.loc["002", "department"] == "D21"
    assert result.comments["own_祭り"].iloc[[1, 3, 4]].tolist() == [False, False, True]
    assert "own_祭り" not in result.attributes and "own_祭り" not in plain.comments
    assert sorted(result.run["parameters"]["models"]) == ["DepartmentRouter", "IntentClassifier"]
    assert plain.run["parameters"]["models"] == {}
    again = tl.analyze(COMMENTS, models=[tl.load_model(path) for path in taught], n_topics=0, n_jobs=2)
    pd.testing.assert_frame_equal(again.comments, result.comments)
    assert again.run["parameters"]["models"] == result.run["parameters"]["models"]


def test_models_that_cannot_be_used_are_refused(taught: tuple[Path, Path]) -> None:
    for models, departments, why in (
        ((taught[0], taught[0]), None, "二つ"),
        ((taught[1],), pd.DataFrame({"code": ["1"], "name": ["総務課"]}), "組織表"),
        ((tl.SentimentScorer(),), None, "SentimentScorer"),
    ):
        with pytest.raises(ParameterError, match=why):
            tl.analyze(COMMENTS, models=models, departments=departments, n_topics=0)


def test_the_command_takes_models(taught: tuple[Path, Path], tmp_path: Path) -> None:
    COMMENTS.rename(columns={"text": "自由意見"}).to_csv(tmp_path / "回答.csv", index_label="受付番号")
    models = [part for path in taught for part in ("--model", str(path))]
    assert main(["analyze", str(tmp_path / "回答.csv"), *models, "--topics", "0", "--out", str(tmp_path / "結果")]) == 0
    assert main(["analyze", str(tmp_path / "回答.csv"), "--model", str(tmp_path / "無い.json"), "--out", str(tmp_path / "別")]) == 2
    assert not (tmp_path / "別").exists()
