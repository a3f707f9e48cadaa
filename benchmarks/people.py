"""Texts whose personal data readers or writers labelled: spans with type and subject, and which third parties there are.

``tests/cases/personal_whose.tsv`` and ``personal_names.tsv`` are small cases with known answers, and are learnt too.
``people/spans.tsv`` labels texts of ``written/`` (row numbers count from 1), ``people/writer*.tsv`` hold texts of their own,
``unlearnt/people*.tsv`` are kept for measuring. A span is written ``tS:text``, spans are joined with `` | ``.
"""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from textlens.personal import PersonalDataFinder
from textlens.rules.dictionary import expression, load_rows

HERE = Path(__file__).parent
TYPES = {
    "n": "person_name", "a": "address", "t": "phone", "e": "email", "z": "postal_code", "i": "id_number", "b": "birth_date_age",
    "v": "vehicle", "h": "health", "d": "disability", "f": "family_circumstance", "c": "crime", "k": "beliefs", "w": "affiliation",
    "r": "role", "x": "account",
}  # fmt: skip
NOT_LEARNT = frozenset(f"writer{number}" for number in range(57, 63))
"""Sets whose spans nothing is learnt from: with them the 1,720 unread texts came out the same (third parties a point less precise)."""
_NEIGHBOUR = "隣の人"
SUBJECTS = {"W": "self", "F": "family", "P": "private", "S": "staff", "G": "public_figure", "D": "deceased"}


class Span(NamedTuple):
    """Half-open offsets in the raw text."""

    start: int
    end: int
    kind: str
    subject: str


class Row(NamedTuple):
    """One labelled text."""

    source: str
    text: str
    third: tuple[str, ...]
    spans: tuple[Span, ...]


def read_labelled() -> list[Row]:
    """Return the rows to learn from."""
    rows = []
    texts: dict[str, list[str]] = {}
    for line in (HERE / "people" / "spans.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        place, third, spans = line.split("\t")
        writer, _, number = place.partition(":")
        if writer not in texts:
            lines = (HERE / "written" / f"{writer}.tsv").read_text(encoding="utf-8").splitlines()
            texts[writer] = [line.split("\t")[5] for line in lines]
        rows.append(_row("readers", third, spans, texts[writer][int(number)]))
    for path in sorted((HERE / "people").glob("writer*.tsv")):
        rows += [] if path.stem in NOT_LEARNT else read_file(path)
    return rows


def read_not_learnt() -> list[Row]:
    """Return the rows of ``people/`` whose kinds are learnt and whose spans are kept for measuring."""
    return [row for name in sorted(NOT_LEARNT) for row in read_file(HERE / "people" / f"{name}.tsv")]


def read_file(path: Path) -> list[Row]:
    """Return the rows of one file with the columns third, spans, text."""
    return [_row(path.stem, *line.split("\t")) for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def read_cases() -> list[Row]:
    """Return the small cases of the tests."""
    folder = HERE.parent / "tests" / "cases"
    rows = []
    for line in _table(folder / "personal_whose.tsv"):
        spans = [part.rsplit(":", 2) for part in line["spans"].split(";") if part]
        read = [(kind, subject, words) for words, kind, subject in spans]
        rows.append(Row("cases", line["text"], tuple(line["third_party"].split(",")) if line["third_party"] else (), tuple(_located(line["text"], read))))
    return rows


def read_names() -> list[Row]:
    """Return the cases of names; whose they are is not told there."""
    lines = _table(HERE.parent / "tests" / "cases" / "personal_names.tsv")
    names = [[("person_name", "unknown", name) for name in line["expected"].split(";") if name] for line in lines]
    return [Row("names", line["text"], (), tuple(_located(line["text"], found))) for line, found in zip(lines, names, strict=True)]


def read_facts() -> list[Row]:
    """Return the examples and counterexamples of ``facts.tsv``: the span is what the row finds in its example."""
    rows = []
    for fact in load_rows("personal/facts.tsv"):
        regex = re.compile(re.escape(fact.term)) if fact.match == "literal" else expression(fact)
        for text in fact.example:
            found = regex.search(text)
            spans = [Span(0, len(_NEIGHBOUR), "role", "private")] if text.startswith(_NEIGHBOUR) else []
            if found and found.end() > found.start():
                rows.append(Row("facts", text, (), (*spans, Span(*found.span(), fact.label, "unknown"))))
        rows += [Row("facts", text, (), ()) for text in fact.counterexample]
    return rows


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def read_gold() -> list[Row]:
    """Return the hand labels of the municipal texts (not part of the project; none without ``TEXTLENS_DEV_DATA``)."""
    folder = os.environ.get("TEXTLENS_DEV_DATA")
    return read_json(Path(folder) / "gold" / "municipal_gold.jsonl", "gold") if folder else []


def read_json(path: Path, source: str) -> list[Row]:
    """Return the rows of one file of JSON lines with ``text``, ``third_party`` and ``spans``."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        spans = [(one["type"], one["subject"], one["text"]) for one in row["spans"]]
        found.append(Row(source, row["text"], tuple(row["third_party"]), tuple(_located(row["text"], spans))))
    return found


def _row(source: str, third: str, spans: str, text: str) -> Row:
    text = text.replace("\\n", "\n")
    parts = [one.strip(" ") for one in spans.split(" | ") if one.strip()]
    read = [(TYPES[one[0]], SUBJECTS[one[1]], one[3:].replace("\\n", "\n")) for one in parts]
    return Row(source, text, tuple(SUBJECTS[one] for one in third), tuple(_located(text, read)))


def _located(text: str, spans: list[tuple[str, str, str]]) -> Iterator[Span]:
    """Place each span where its text first stands and no other span of the row does."""
    taken: list[tuple[int, int]] = []
    for kind, subject, words in spans:
        start = text.find(words)
        while start >= 0 and any(start < high and low < start + len(words) for low, high in taken):
            start = text.find(words, start + 1)
        if start >= 0:
            taken.append((start, start + len(words)))
            yield Span(start, start + len(words), kind, subject)


def unread() -> dict[str, list[Row]]:
    """Return the labelled texts nothing is learnt from, by file."""
    folder = HERE / "unlearnt"
    found = {path.stem: read_file(path) for path in sorted(folder.glob("people*.tsv"))}
    return {**found, **{name: read_json(folder / f"{name}.jsonl", name) for name in ("plain", "stories")}}


def score(rows: list[Row]) -> dict[str, float]:
    """Measure the finder: spans by overlap whatever their type, the subject of those met, texts with a third party."""
    finder = PersonalDataFinder()
    texts = [row.text for row in rows]
    ours: list[list[tuple[int, int, str]]] = [[] for _ in rows]
    for one in finder.transform(texts).itertuples():
        ours[one.id].append((one.start, one.end, one.subject))
    met = hits = right = 0
    for row, found in zip(rows, ours, strict=True):
        hits += sum(any(start < span.end and span.start < end for span in row.spans) for start, end, _ in found)
        for span in row.spans:
            over = [(min(end, span.end) - max(start, span.start), subject) for start, end, subject in found if start < span.end and span.start < end]
            met, right = met + bool(over), right + bool(over and max(over)[1] == span.subject)
    third = [(bool(row.third), bool(named)) for row, named in zip(rows, finder.subjects(texts), strict=True)]
    both, wanted, named = (sum(one) for one in ((a and b for a, b in third), (a for a, _ in third), (b for _, b in third)))
    n_spans, n_found = sum(len(row.spans) for row in rows), sum(map(len, ours))
    shares = {
        "recall": (met, n_spans), "precision": (hits, n_found), "subject_right": (right, met),
        "third_recall": (both, wanted), "third_precision": (both, named),
    }  # fmt: skip
    return {"texts": len(rows), "spans": n_spans, **{name: round(part / max(whole, 1), 3) for name, (part, whole) in shares.items()}}
