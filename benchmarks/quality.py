"""How right the analysers are on the development data, with a trivial baseline beside each figure.

    TEXTLENS_DEV_DATA=… python -m benchmarks.quality [--readme]

Writes ``benchmarks/results/quality.json``; ``--readme`` puts the table into README.md. Rules were written
while part of these rows was read, so the figures are hopeful; what a model learnt from gold rows is measured
by cross-validation in the recipe that fits it (``train_intent.py``, ``train_sentiment.py``), not here.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from benchmarks.people import score, unread
from benchmarks.train_spans import empty_answers
from textlens.facets.tagger import FacetTagger
from textlens.personal import PersonalDataFinder
from textlens.routing.router import DepartmentRouter

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("TEXTLENS_DEV_DATA", ROOT.parent / "shared" / "data"))
RESULTS = ROOT / "benchmarks" / "results" / "quality.json"
SIX_REGEXES = [
    r"0\d{1,4}-?\d{1,4}-?\d{3,4}", r"〒?\d{3}-\d{4}", r"[\w.]+@[\w.]+", r"[一-龠々]{2,4}(?:さん|氏|様)",
    r"[一-龠]{2,3}[都道府県].{1,12}?\d+", r"\d{1,3}歳",
]  # fmt: skip
"""The baseline of landscape.md: six plain patterns."""


def gold(name: str) -> pd.DataFrame:
    """Read one gold file."""
    lines = (DATA / "gold" / f"{name}_gold.jsonl").read_text(encoding="utf-8").splitlines()
    return pd.DataFrame([json.loads(line) for line in lines]).set_index("id")


def ratio(hits: float, n: float) -> float:
    """Return hits / n, or NaN."""
    return round(hits / n, 3) if n else float("nan")


def yes_no(truth: pd.Series, given: pd.Series) -> dict[str, float]:
    """Return recall, precision and how many there are."""
    truth, given = truth.astype(bool), given.astype(bool)
    return {"recall": ratio((truth & given).sum(), truth.sum()), "precision": ratio((truth & given).sum(), given.sum()), "n": int(truth.sum())}


def personal() -> dict[str, Any]:
    """Measure spans, third parties and owners on the texts nothing was learnt from, beside six plain patterns."""
    rows = [row for found in unread().values() for row in found]
    plain = [[match.span() for pattern in SIX_REGEXES for match in re.finditer(pattern, row.text)] for row in rows]
    met = sum(any(a < span.end and span.start < b for a, b in found) for row, found in zip(rows, plain, strict=True) for span in row.spans)
    hits = sum(any(a < span.end and span.start < b for span in row.spans) for row, found in zip(rows, plain, strict=True) for a, b in found)
    base = {"recall": ratio(met, sum(len(row.spans) for row in rows)), "precision": ratio(hits, sum(map(len, plain)))}
    return {**score(rows), "six_regexes": base}


def names_in_survey() -> float:
    """Return findings of a person's name per 1,000 survey answers that the learning did not see as texts without people."""
    texts = pd.read_csv(DATA / "fukui_survey_dev.csv", dtype=str, keep_default_na=False)["text"]
    texts = texts[~texts.isin([row.text for row in empty_answers()])].reset_index(drop=True)
    return round(1000 * float((PersonalDataFinder().transform(texts)["type"] == "person_name").sum()) / len(texts), 2)


def routing(municipal: pd.DataFrame) -> dict[str, Any]:
    """Measure first and related departments without training, beside a count of the table's own words."""
    table = pd.read_csv(DATA / "departments.tsv", sep="\t", dtype=str)
    router = DepartmentRouter(table)
    main, ranked = router.predict(municipal["text"]), router.rank(municipal["text"], n=3)
    routed = router.route(municipal["text"])
    words = {r.code: re.split("[、,]", r.keywords) for r in table.itertuples()}
    top1 = top3 = base = related = n_related = quiet = n_quiet = n = 0
    for place, row in municipal.iterrows():
        want = row["departments"] or ["X0"]
        accepted = {want[0], *row["acceptable"]}
        count = {code: sum(w in row["text"] for w in terms) for code, terms in words.items()}
        best = max(count, key=lambda c: count[c])
        three = set(ranked.loc[ranked["id"] == place, "department"])
        if want[0] == "X0":
            n_quiet += 1
            quiet += main[place] == "X0"
        n += 1
        top1 += main[place] in accepted
        top3 += bool(accepted & (three | {main[place]}))
        base += (best if count[best] else "X0") in accepted
        if len(want) > 1:
            n_related += len(want) - 1
            related += len(set(want[1:]) & set(routed.at[place, "departments"]))
    return {
        "top1": ratio(top1, n), "top3": ratio(top3, n), "keyword_count_top1": ratio(base, n),
        "related_recall": ratio(related, n_related), "kept_without_department": ratio(quiet, n_quiet), "n": n,
    }  # fmt: skip


def routing_learnt(municipal: pd.DataFrame, splits: int = 20) -> dict[str, Any]:
    """Measure the first department on one half, with and without learning from the other, beside TF-IDF and a linear SVM."""
    table, texts = DATA / "departments.tsv", municipal["text"]
    codes = np.array([want[0] if want else "X0" for want in municipal["departments"]])
    accepted = [{code, *others} for code, others in zip(codes, municipal["acceptable"], strict=True)]
    untrained = DepartmentRouter(table).predict(texts).to_numpy()
    rows = []
    for seed in range(splits):
        order = np.random.default_rng(seed).permutation(len(texts))
        known, asked = order[: len(texts) // 2], order[len(texts) // 2 :]
        svm = make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True), LinearSVC(random_state=0))
        given = (
            untrained[asked],
            DepartmentRouter(table).fit(texts.iloc[known], codes[known]).predict(texts.iloc[asked]).to_numpy(),
            svm.fit(texts.iloc[known], codes[known]).predict(texts.iloc[asked]),
        )
        rows.append([np.mean([code in accepted[i] for code, i in zip(one, asked, strict=True)]) for one in given])
    plain, learnt, alone = np.array(rows).T
    return {
        "untrained": round(float(plain.mean()), 4), "learnt": round(float(learnt.mean()), 4), "svm_alone": round(float(alone.mean()), 4),
        "splits_better": int((learnt > plain).sum()), "splits_worse": int((learnt < plain).sum()), "splits": splits,
    }  # fmt: skip


def measure() -> dict[str, Any]:
    """Measure everything that is not fitted on the gold rows."""
    municipal = gold("municipal")
    facets = FacetTagger().transform(municipal["text"])
    return {
        "facets": {
            "legal_check": yes_no(municipal["legal_check"], facets["legal_check"]),
            "urgent": yes_no(municipal["urgent"], facets["urgent"]),
            "concrete_right": ratio((municipal["concrete"] == facets["concrete"]).sum(), len(municipal)),
        },
        "personal": personal(),
        "person_names_per_1000_visitors": names_in_survey(),
        "routing": routing(municipal),
        "routing_learnt_from_half": routing_learnt(municipal),
    }


def fitted() -> dict[str, Any]:
    """Measure what is fitted on gold rows, by models that have not learnt them; rows of the README's table."""
    from benchmarks import train_intent, train_kinds, train_polarity
    from benchmarks.intent_rows import GOLD
    from benchmarks.lessons import Lessons
    from textlens.evaluation import keyword_baseline
    from textlens.voices.labels import give_labels

    os.environ.setdefault("TEXTLENS_DEV_DATA", str(DATA))
    trainer = train_intent.Trainer()
    rows, keep = trainer.rows, np.isin(trainer.rows.source, GOLD)
    scores = train_kinds.read_gold(trainer, *train_kinds.Comments.of(rows, Lessons.load()))
    kinds = train_kinds.both_readings(trainer, scores, train_kinds.weigh_readings(trainer, scores, keep))
    labels, source = rows.labels[keep], rows.source[keep]
    texts = pd.Series(rows.texts)[keep].reset_index(drop=True)
    words = keyword_baseline(texts)[["complaint", "request", "praise"]].to_numpy()
    given = give_labels(kinds["model"][keep])
    table = []
    for kind, where in (("fukui", "実際の観光アンケート 410 件"), ("municipal", "創作の手紙・調査・記録 260 件")):
        mine = source == kind
        scores = [train_intent.f1(labels[mine, i], given[mine, i]) for i in range(3)]
        plain = [train_intent.f1(labels[mine, i], words[mine, i]) for i in range(3)]
        each = "・".join(f"{name} {score:.2f}" for name, score in zip(("苦情", "要望", "感謝"), scores, strict=True))
        table.append(["種別の F1（苦情・要望・感謝の平均）", f"{where}、それを学ばない模型", f"{sum(scores) / 3:.2f}（{each}）", f"{sum(plain) / 3:.2f}（言葉の一覧）"])
    _, want, found, _ = train_polarity.cross_validate(trainer, kinds, GOLD)
    for kind, where in (("fukui", "実際の観光アンケート 410 件"), ("municipal", "創作の手紙・調査・記録 260 件")):
        mine = rows.source == kind
        table.append(["極性の正解率", f"{where}、それを学ばない模型", f"{(found[mine] == want[mine]).mean():.2f}", "－"])
    return {"fitted": table}


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readme", action="store_true", help="also rewrite the table of README.md")
    parser.add_argument("--fitted", action="store_true", help="also measure what is fitted on gold by models without it (an hour; needs torch)")
    arguments = parser.parse_args()
    report = measure()
    if arguments.fitted:
        report.update(fitted())
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    known.update(report)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    if arguments.readme:
        from benchmarks.readme import write_quality

        write_quality(known)


if __name__ == "__main__":
    main()
