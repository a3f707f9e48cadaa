"""Learn ``dictionaries/personal/span_weights.tsv``: where a private fact, a role, an age, a name or an address stands.

    python -m benchmarks.train_spans                 # learn from every labelled text and write the weights

Needs ``python-crfsuite`` (Okazaki 2007, L-BFGS with L1 and L2 penalty); what runs needs only the weights. The texts are
those of ``benchmarks/people.py``, the gold where ``TEXTLENS_DEV_DATA`` is set, and answers of the survey in which the
recognisers find nothing, as texts without spans; and the examples of ``facts.tsv``, so that each word there counts.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator

import numpy as np
import pandas as pd

from benchmarks.intent_rows import DATA
from benchmarks.people import (
    Row,
    read_cases,
    read_facts,
    read_gold,
    read_labelled,
    read_names,
    score,
    unread,
)
from textlens.networks.words import class_reader, pos_of, word_of
from textlens.personal.callers import is_note
from textlens.personal.finder import collect
from textlens.personal.span_model import (
    NOTHING,
    REACH,
    WEIGHTS,
    read_signs,
)
from textlens.resources import dictionaries_root
from textlens.tokens import Tokens, as_tokens

LEARNT = ("health", "disability", "family_circumstance", "crime", "beliefs", "role", "affiliation", "birth_date_age", "address", "person_name")
PENALTY = {"c1": 0.4, "c2": 0.05, "max_iterations": 100, "feature.possible_transitions": True}
SURVEY = 4000
TRUSTED = 4
"""How often the gold and the small cases are learnt: they hold to the guide where writers mark a little more (gold of which half
was learnt, texts with a third party on the other half: precision 0.85 to 0.90 at the same recall)."""
SMALL = 0.02
"""Weights below it are left out of the file."""


def labels_of(tokens: Tokens, rows: list[Row]) -> list[str]:
    """Return the label of every token: the type of the span that touches it."""
    labels = [NOTHING] * len(tokens.ids)
    for doc, row in enumerate(rows):
        low, high = int(tokens.doc_offsets[doc]), int(tokens.doc_offsets[doc + 1])
        for span in row.spans:
            if span.kind in LEARNT:
                touched = (tokens.starts[low:high] < span.end) & (tokens.ends[low:high] > span.start)
                for token in (np.flatnonzero(touched) + low).tolist():
                    labels[token] = span.kind
    return labels


def evidence(tokens: Tokens) -> list[list[str]]:
    """Return what stands for each token, as ``kind offset value`` (see ``SpanModel``)."""
    marks = collect(tokens)
    signs = read_signs(tokens, marks, [doc for doc in sorted(marks) if is_note(tokens.norm[doc])])
    vocabulary = tokens.vocabulary
    words, parts, classes = ([of(vocabulary, i) for i in range(len(vocabulary))] for of in (word_of, pos_of, class_reader()))
    on_token: list[list[str]] = [[] for _ in tokens.ids]
    for token, kind in zip(signs.token.tolist(), signs.kind.tolist(), strict=True):
        on_token[token].append(signs.names[kind])
    in_unit: list[list[str]] = [[] for _ in range(len(tokens.units))]
    for unit, kind in zip(signs.unit.tolist(), signs.unit_kind.tolist(), strict=True):
        in_unit[unit].append(f"unit 0 {signs.names[kind]}")
    ids, unit_of = tokens.ids.tolist(), tokens.unit_of.tolist()
    found = []
    for token, unit in enumerate(unit_of):
        mine = ["bias 0 ", *in_unit[unit]]
        for offset in range(-REACH["word"], REACH["word"] + 1):
            other = token + offset
            if not (0 <= other < len(ids) and unit_of[other] == unit):
                mine += [f"edge {offset} "] if abs(offset) <= REACH["edge"] else []
                continue
            word = ids[other]
            mine.append(f"word {offset} {words[word]}")
            if abs(offset) <= REACH["pos"]:
                mine.append(f"pos {offset} {parts[word]}")
            if abs(offset) <= REACH["class"] and classes[word]:
                mine.append(f"class {offset} {classes[word]}")
            mine += [f"sign {offset} {kind}" for kind in on_token[other]]
        if token + 1 < len(ids) and unit_of[token + 1] == unit and " " not in words[ids[token]] + words[ids[token + 1]]:
            mine.append(f"pair 0 {words[ids[token]]} {words[ids[token + 1]]}")
        found.append(mine)
    return found


def sequences(tokens: Tokens) -> Iterator[slice]:
    """Return the tokens of each unit."""
    border = np.flatnonzero(np.diff(tokens.unit_of)) + 1
    for low, high in zip([0, *border.tolist()], [*border.tolist(), len(tokens.ids)], strict=True):
        yield slice(low, high)


def learn(rows: list[Row]) -> dict[tuple[str, str, str], dict[str, float]]:
    """Return the weights by (evidence, offset, value), then by label."""
    import pycrfsuite

    tokens = as_tokens([row.text for row in rows])
    labels, seen = labels_of(tokens, rows), evidence(tokens)
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(PENALTY)
    for part in sequences(tokens):
        trainer.append(seen[part], labels[part])
    with tempfile.TemporaryDirectory() as folder:
        trainer.train(f"{folder}/model")
        tagger = pycrfsuite.Tagger()
        tagger.open(f"{folder}/model")
        info = tagger.info()
        weights: dict[tuple[str, str, str], dict[str, float]] = {}
        for (feature, label), weight in info.state_features.items():
            weights.setdefault(tuple(feature.split(" ", 2)), {})[label] = weight
        for (before, label), weight in info.transitions.items():
            weights.setdefault(("after", "0", before), {})[label] = weight
        tagger.close()
    return weights


def write(weights: dict[tuple[str, str, str], dict[str, float]]) -> int:
    """Write the weights; return the number of rows."""
    labels = (NOTHING, *LEARNT)
    lines = ["\t".join(("evidence", "offset", "value", *labels))]
    for key in sorted(weights, key=lambda k: (k[0], int(k[1]), k[2])):
        cells = [f"{weights[key].get(label, 0):.2f}" if abs(weights[key].get(label, 0)) >= SMALL else "" for label in labels]
        if any(cells):
            lines.append("\t".join((*key, *cells)))
    (dictionaries_root() / WEIGHTS).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines) - 1


def empty_answers() -> list[Row]:
    """Return survey answers without a finding as rows without spans."""
    texts = pd.read_csv(DATA / "fukui_survey_dev.csv", dtype=str, keep_default_na=False)["text"].drop_duplicates().tolist()
    random.Random(0).shuffle(texts)
    marked = collect(as_tokens(texts[: 2 * SURVEY]))
    return [Row("survey", text, (), ()) for doc, text in enumerate(texts[: 2 * SURVEY]) if doc not in marked][:SURVEY]


def all_texts(gold: list[Row]) -> list[Row]:
    """Return what is learnt from, with some or all of the gold."""
    return [*read_labelled(), *read_names(), *read_facts(), *empty_answers(), *TRUSTED * [*read_cases(), *gold]]


def main() -> None:
    """Learn, write, and measure on what was kept unread (with the second reading as it ships)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args()
    gold = read_gold()
    sys.stdout.write(f"{write(learn(all_texts(gold)))} rows\n")
    for name, rows in {**unread(), "gold (learnt)": gold}.items():
        sys.stdout.write(f"{name}: {score(rows)}\n")


if __name__ == "__main__":
    main()
