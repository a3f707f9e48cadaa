"""An office's own folder laid over ours after they were used: the answers are those of a process that never saw ours."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from textlens.facets import FacetTagger, extract_lacks
from textlens.intent import IntentClassifier
from textlens.personal import PersonalDataFinder
from textlens.resources import dictionaries_root
from textlens.routing import DepartmentRouter
from textlens.rules import use_dictionaries
from textlens.sentiment import SentimentScorer
from textlens.tokens import Tokens, as_tokens

TEXTS = [
    "側溝があふれて危険です。すぐに直してください。", "隣の家の子どもの腕にあざがあります。", "職員の方が親切で、とても良かったです。",
    "近くに公園がない。バスも少ない。", "うちの主人は糖尿病で、隣の山田さんも足が悪いです。", "田中次郎が役所に来た。75歳の母が入院しました。", "図書館の本を増やしてほしい。",
]  # fmt: skip


def answers(tokens: Tokens) -> str:
    """Return what every analyser says, written out."""
    frames = [
        IntentClassifier().predict_proba(tokens), IntentClassifier().findings(tokens), SentimentScorer().transform(tokens), SentimentScorer().findings(tokens),
        FacetTagger().transform(tokens), FacetTagger().findings(tokens), extract_lacks(tokens), DepartmentRouter().route(tokens), PersonalDataFinder().transform(tokens),
    ]  # fmt: skip
    return "\n".join(pd.DataFrame(frame).to_csv() for frame in frames)


def _numbers_turned(relative: str) -> str:
    """Return a table of weights with every number's sign turned."""
    text = (dictionaries_root() / relative).read_text(encoding="utf-8")
    heading, *lines = [line for line in text.splitlines() if not line.startswith("#")]
    turned = []
    for line in lines:
        name, *cells = line.split("\t")
        turned.append("\t".join([name, *(str(-float(cell)) if cell else "" for cell in cells)]))
    return "\n".join([heading, *turned])


OWN = {
    "sentiment/model.tsv": lambda: _numbers_turned("sentiment/model.tsv"),
    "sentiment/polarity.tsv": lambda: _numbers_turned("sentiment/polarity.tsv"),
    "sentiment/weights.tsv": lambda: "term\tstate\tweight\n親切\t0\t-9000",
    "sentiment/words.tsv": lambda: "id\tterm\tlabel\tmatch\tweight\nown-1\t親切\t\tbase\t-1",
    "sentiment/roles.tsv": lambda: "id\tterm\tlabel\tmatch\tpos\nown-1\tです\tdeny\tbase\t助動詞",
    "intent/model.tsv": lambda: _numbers_turned("intent/model.tsv"),
    "intent/cues.tsv": lambda: "id\tlabel\tcue\tmatch\tweight\tterm\nown-1\tcomplaint\tlack\tliteral\t1\t図書館の本",
    "facets/suspicion_model.tsv": lambda: _numbers_turned("facets/suspicion_model.tsv"),
    "facets/lacks.tsv": lambda: "id\tbase\tkind\tnegated\tstop\nown-1\tあふれる\t無い\t\t",
    "personal/kin.tsv": lambda: "term\tkind\n隣\town",
    "personal/honorifics.tsv": lambda: "term\tkind\tsubject\n次郎\thonorific\tstaff",
    "personal/patterns.tsv": lambda: "id\tgroup\tpattern\tsubject\tscore\nage-bound\tpart\tの\t\t",
    "personal/plain_names.tsv": lambda: _numbers_turned("personal/plain_names.tsv"),
    "personal/owner_weights.tsv": lambda: _numbers_turned("personal/owner_weights.tsv"),
    "routing/matters.tsv": lambda: "id\tconcept\tweight\tterms\nown-1\t図書館\t9\tあふれて危険",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _ours_again() -> Iterator[None]:
    yield
    use_dictionaries(None)


@pytest.mark.parametrize("relative", OWN)
def test_kept_tokens_follow_the_dictionaries(relative: str, tmp_path: Path) -> None:
    kept = as_tokens(TEXTS)
    ours = answers(kept)
    file = tmp_path / relative
    file.parent.mkdir(parents=True)
    file.write_text(OWN[relative]() + "\n", encoding="utf-8")
    use_dictionaries(tmp_path)
    theirs = answers(kept)
    assert theirs != ours, "the own file changes nothing: the test says nothing"
    assert theirs == answers(as_tokens(TEXTS))
    use_dictionaries(None)
    assert answers(kept) == ours


def test_a_process_that_never_saw_ours_says_the_same(tmp_path: Path) -> None:
    answers(as_tokens(TEXTS))
    for relative, own in OWN.items():
        file = tmp_path / relative
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(own() + "\n", encoding="utf-8")
    code = "import sys; from textlens.rules import use_dictionaries; from tests.test_swapped_dictionaries import *; use_dictionaries(sys.argv[1]); print(answers(as_tokens(TEXTS)), end='')"
    fresh = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, encoding="utf-8", check=True, cwd=Path(__file__).parent.parent)
    use_dictionaries(tmp_path)
    assert answers(as_tokens(TEXTS)) == fresh.stdout
