"""train and evaluate: an office's own labels, measured beside baselines, never on the rows learnt from."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import textlens as tl
from textlens import cli

TEXTS = {
    "苦情": ["道路の穴が直らず困っています", "窓口の態度が悪い", "バスが少なくて不便です", "公園が汚い", "騒音がひどい"],
    "要望": ["街灯を増やしてください", "図書館を夜も開けてほしい", "歩道を広げてほしい", "給食を無料にしてください", "駐車場を広げてもらいたい"],
    "感謝、要望": ["親切でした。これからも続けてください", "助かりました。土曜も開けてほしいです"],
    "感謝": ["職員の方が親切で助かりました", "住みやすい町です", "いつもありがとうございます。きれいな公園です", "図書館が大好きです"],
}


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [(label, f"{text}{'。' * (k + 1)}") for label, texts in TEXTS.items() for text in texts for k in range(2)]
    path = tmp_path_factory.mktemp("昨年") / "昨年.csv"
    table = pd.DataFrame(rows, columns=["種別", "自由意見"], index=pd.Index([f"{i:03d}" for i in range(len(rows))], name="受付番号"))
    table.to_csv(path, encoding="utf-8-sig")
    return path


def test_train_and_load(labelled: Path, tmp_path: Path) -> None:
    out = tmp_path / "モデル.json"
    assert cli.main(["train", str(labelled), "--label", "種別", "--out", str(out), "--quiet"]) == 0
    content = out.read_text(encoding="utf-8")
    assert "道路の穴" not in content
    model = tl.load_model(out)
    assert model.predict(["街灯を増やしてください"])["request"].tolist() == [True]


def test_evaluate_shows_baselines_beside(labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["evaluate", str(labelled), "--label", "種別", "--out", str(tmp_path / "精度"), "--folds", "3"]) == 0
    said = capsys.readouterr().out
    assert all(part in said for part in ("付属のまま: macro F1", "学ばせた場合（3 分割）", "基準: いちばん多いラベル", "基準: 言葉の一覧"))
    card = (tmp_path / "精度" / "モデルカード.md").read_text(encoding="utf-8")
    assert "苦情" in card and "道路の穴" not in card
    assert (tmp_path / "精度" / "混同行列.png").stat().st_size > 5_000
    table = pd.read_excel(tmp_path / "精度" / "精度.xlsx", header=2, engine="openpyxl")
    ours = table[(table["方法"] == "付属のまま") & (table["ラベル"] == "macro")]["F1"].iloc[0]
    majority = table[table["方法"].str.contains("いちばん多い") & (table["ラベル"] == "macro")]["F1"].iloc[0]
    assert ours > majority + 0.3


def test_too_few_labels_and_wrong_models(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "少ない.csv"
    path.write_text("受付番号,種別,自由意見\n1,苦情,道が悪くて困ります\n2,要望,直してほしいです\n", encoding="utf-8")
    assert cli.main(["train", str(path), "--label", "種別", "--out", str(tmp_path / "m.json")]) == 2
    assert "20 行以上" in capsys.readouterr().err
    (tmp_path / "x.json").write_text("{}", encoding="utf-8")
    with pytest.raises(tl.TextlensError, match="モデルではありません"):
        tl.load_model(tmp_path / "x.json")
    with pytest.raises(tl.TextlensError, match="学習しない"):
        tl.save_model(tl.SentimentScorer(), tmp_path / "y.json")  # type: ignore[arg-type]
