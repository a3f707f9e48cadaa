"""What an evaluation leaves behind: a picture of confusions and a card that says what was measured. No text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pandas as pd
from matplotlib.figure import Figure

from textlens import __version__
from textlens.files import whole_file
from textlens.report.canvas import free_axes, style


def draw_confusion(table: pd.DataFrame, path: str | Path, *, names: Mapping[str, str], method: str) -> Path:
    """Draw a confusion table (rows the truth, columns what was given) to a PNG file.

    Parameters
    ----------
    table : DataFrame
        From :func:`textlens.evaluation.confusion_table`.
    path : path
    names : mapping of label to its name in the picture
    method : str
        What gave the labels, for the title.
    """
    shown = [names.get(str(name), str(name)) for name in table.index]
    counts = table.to_numpy()
    with style(new_figure=False), whole_file(path) as draft:
        axes = free_axes(max(len(shown) + 4, 8))
        axes.imshow(counts, cmap="Blues", aspect="auto", vmax=max(1, int(counts.max() * 1.2)))
        for i, j in [(i, j) for i in range(len(shown)) for j in range(len(shown))]:
            if counts[i, j]:
                dark = counts[i, j] > 0.6 * counts.max()
                axes.text(j, i, str(counts[i, j]), ha="center", va="center", fontsize=8, color="white" if dark else "#222222")
        axes.set_xticks(range(len(shown)), shown, rotation=90 if len(shown) > 6 or max(map(len, shown)) > 6 else 0)
        axes.set_yticks(range(len(shown)), shown)
        axes.set_xlabel("付けたラベル（主なもの）")
        axes.set_ylabel("正解（主なもの）")
        axes.set_title(f"混同行列　{method}　n＝{int(counts.sum())}", loc="left")
        cast(Figure, axes.figure).savefig(draft, format="png", dpi=120, metadata={"Software": None})
    return Path(path)


def write_card(report: pd.DataFrame, kind: str, n: int, folds: int, path: str | Path, *, names: Mapping[str, str]) -> Path:
    """Write the model card (Markdown, Japanese); ``names`` are those of the labels."""
    lines = [
        "# モデルカード", "",
        f"- 対象: {'種別' if kind == 'intent' else '課'}の判定（textlens {__version__}）",
        f"- 測ったデータ: ラベル付き {n} 件（文章はこのカードに含みません）",
        f"- 測り方: 「付属のまま」はそのまま判定。「学ばせた場合」と「線形 SVM」は {folds} 分割の交差検証（同じ分け方。同じ文は同じ組）。",
        "- 「線形 SVM」は、文字 1～3 個の並びの TF-IDF に、学習用の行だけで学ばせた線形 SVM です。これを下回るなら、学ばせる意味は薄いです。",
        "- 「－」は、その方法では付けようのないラベルです。macro は、測れたラベルの F1 の平均です（かっこの中がその数）。",
        "- 区間: 適合率・再現率は Wilson、F1 はブートストラップ（500 回、種を固定）の 95％。", "",
        "| 方法 | ラベル | 適合率 | 再現率 | F1（95％区間） | 正解の数 |", "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for row in report.to_dict("records"):
        f1 = "－" if pd.isna(row["f1"]) else f"{row['f1']:.2f}（{row['f1_low']:.2f}～{row['f1_high']:.2f}）"
        label = f"macro（{row['n_labels']}）" if row["label"] == "macro" else names.get(row["label"], row["label"]).replace("|", "｜")
        lines.append(f"| {row['method']} | {label} | {_share(row['precision'])} | {_share(row['recall'])} | {f1} | {row['n_true']} |")
    lines += [
        "", "## 読むときの注意", "",
        "- ラベルの付け方が人によって違えば、ここまでの精度は出ません。二人で 50 件ずつ付けて比べることを勧めます。",
        "- 件数の少ないラベルの数字は大きく揺れます。区間を見てください。",
        "- 皮肉、書き手だけが知る事情、話し言葉の省略は取りこぼします。決めるのは人です。", "",
    ]  # fmt: skip
    with whole_file(path) as draft:
        draft.write_text("\n".join(lines), encoding="utf-8")
    return Path(path)


def _share(value: float) -> str:
    return "－" if pd.isna(value) else f"{value:.2f}"
