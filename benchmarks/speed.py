"""How long and how much memory: each step against fugashi's own node loop on the same texts, in one run.

    python -m benchmarks.speed [--n 20000] [--repeat 5] [--file CSV] [--out benchmarks/results/speed.json]

Seconds are medians and depend on the machine; read the ratios to the node loop.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import fugashi
import pandas as pd

from benchmarks.texts import file_comments, made_comments
from textlens.analysis.pipeline import analyze
from textlens.facets.tagger import FacetTagger
from textlens.intent.classifier import IntentClassifier
from textlens.personal import PersonalDataFinder
from textlens.routing.router import DepartmentRouter
from textlens.sentiment.scorer import SentimentScorer
from textlens.tokens import Tokens, as_tokens


def node_loop(texts: pd.Series) -> None:
    """Tokenize as others do: a node and a feature object for every token."""
    tagger = fugashi.Tagger()
    for text in texts:
        for node in tagger(text):
            _ = node.surface, node.feature


def steps(texts: pd.Series) -> dict[str, Callable[[], object]]:
    """Return what is timed; every step but the first two reads tokens that are there already."""
    tokens = as_tokens(texts)
    _ = tokens.units

    def fresh() -> Tokens:
        copy = tokens[:]
        _ = copy.units
        return copy

    return {
        "node_loop": lambda: node_loop(texts),
        "tokenize": lambda: as_tokens(texts),
        "intent": lambda: (m := IntentClassifier(), t := fresh(), m.predict(t), m.predict_proba(t), m.predict_units(t), m.findings(t)),
        "sentiment": lambda: (m := SentimentScorer(), t := fresh(), m.transform(t), m.transform_units(t), m.findings(t)),
        "facets": lambda: (m := FacetTagger(), t := fresh(), m.transform(t), m.transform_units(t), m.findings(t)),
        "personal": lambda: (m := PersonalDataFinder(), t := fresh(), m.transform(t), m.subjects(t), m.risk(t)),
        "routing": lambda: (m := DepartmentRouter(), t := fresh(), m.route(t), m.route_units(t), m.findings(t)),
        "analyze_without_topics": lambda: analyze(texts.to_frame("text"), n_topics=0),
        "analyze": lambda: analyze(texts.to_frame("text")),
    }


def peak_memory(n: int) -> float | None:
    """Return the peak resident memory (MB) of a process of its own that analyses ``n`` comments (Linux only)."""
    code = (
        "from benchmarks.texts import made_comments; from textlens.analysis.pipeline import analyze; "
        f"t = made_comments({n}).to_frame('text'); "
        f"r = analyze(t, n_topics=0) if {n} else None; "
        "print([int(line.split()[1]) / 1024 for line in open('/proc/self/status') if line.startswith('VmHWM')][0])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return float(done.stdout) if done.returncode == 0 else None


def main() -> None:
    """Time everything and write one JSON file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/speed.json"))
    arguments = parser.parse_args()
    texts = file_comments(arguments.file) if arguments.file else made_comments(arguments.n)
    seconds: dict[str, list[float]] = {}
    table = steps(texts)
    for _ in range(arguments.repeat):
        for name, run in table.items():
            start = time.perf_counter()
            run()
            seconds.setdefault(name, []).append(time.perf_counter() - start)
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    base = medians["node_loop"]
    report = {
        "texts": len(texts),
        "mean_chars": round(float(texts.str.len().mean()), 1),
        "seconds": {name: round(value, 3) for name, value in medians.items()},
        "ratio_to_node_loop": {name: round(value / base, 3) for name, value in medians.items()},
        "peak_memory_mb": {str(n): peak_memory(n) for n in (0, 20_000, 40_000)},
        "python": platform.python_version(),
        "versions": {name: metadata.version(name) for name in ("fugashi", "unidic-lite", "pandas", "numpy", "scikit-learn")},
    }
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
