"""Measure PersonalDataFinder beside a baseline of six regular expressions.

    python benchmarks/personal.py [--data DIR] [--out FILE.json] [--gold FILE.jsonl] [--peers peers.json]
    python benchmarks/personal.py --name-kanji        # count dictionaries/personal/name_kanji.tsv anew from UniDic

The names of Wikipedia are also given for the even and the odd rows: only the even ones were read when rules were written.
The data are not part of the project (see ``tests/conftest.py``). Carrier sentences of the address test
are invented here.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import re
import statistics
import struct
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from textlens.personal import PersonalDataFinder
from textlens.personal.name_kanji import NAME_KANJI
from textlens.resources import dictionaries_root
from textlens.tokens import as_tokens

CARRIERS = (
    "「{}」に住んでいます。街灯を増やしてください。", "{}の側溝のふたが割れています。",
    "先日、{}へ引っ越してきた者です。ごみの出し方が分かりません。", "通知の送り先は{}でお願いします。",
    "隣の空き家（{}）の草が伸びて困っています。",
)  # fmt: skip
BASELINE = [
    re.compile(p)
    for p in (
        r"[一-龥]{1,4}(?=さん|氏|様)", r"[0-9０-９]{2,5}[-－][0-9０-９]{1,4}[-－][0-9０-９]{3,4}", r"[\w.+-]+@[\w-]+\.[\w.]+",
        r"〒\d{3}-\d{4}", r"[一-龥]{1,6}(?:[0-9０-９一二三四五六七八九十]+丁目|[0-9０-９]+番地)", r"[0-9０-９一二三四五六七八九十]+(?:歳|才)",
    )
]  # fmt: skip
KANJI = re.compile(r"[一-龥々ヶ]+")
Spans = list[tuple[int, int, str, str]]
Find = Callable[[list[str]], list[Spans]]


def ours(texts: list[str], min_score: float = 0.5) -> list[Spans]:
    found = PersonalDataFinder(min_score=min_score).transform(texts)
    spans: list[Spans] = [[] for _ in texts]
    for row in found.itertuples():
        spans[row.id].append((row.start, row.end, row.type, row.subject))
    return spans


def baseline(texts: list[str]) -> list[Spans]:
    types = ("person_name", "phone", "email", "postal_code", "address", "birth_date_age")
    return [
        [(*m.span(), kind, "private") for kind, p in zip(types, BASELINE, strict=True) for m in p.finditer(text)] for text in texts
    ]


def overlaps(a: tuple, b: tuple) -> bool:  # type: ignore[type-arg]
    return a[0] < b[1] and b[0] < a[1]


def gold_spans(row: dict) -> Spans:  # type: ignore[type-arg]
    spans: Spans = []
    for span in row["spans"]:
        places = [m.start() for m in re.finditer(re.escape(span["text"]), row["text"])]
        start = next((p for p in places if all(p != s[0] for s in spans)), places[0] if places else -1)
        spans.append((start, start + len(span["text"]), span["type"], span["subject"]))
    return spans


def municipal(rows: list[dict], find: Find, third: list[tuple[str, ...]]) -> dict[str, float]:  # type: ignore[type-arg]
    spans = find([row["text"] for row in rows])
    hit = missed = right = wrong = same = 0
    for row, found in zip(rows, spans, strict=True):
        gold = gold_spans(row)
        anywhere = [m.span() for s in row["spans"] for m in re.finditer(re.escape(s["text"]), row["text"])]
        for g in gold:
            over = [f for f in found if overlaps(f, g)]
            hit, missed = hit + bool(over), missed + (not over)
            same += any(f[3] == g[3] for f in over)
        for f in found:
            ok = any(overlaps(f, a) for a in anywhere)
            right, wrong = right + ok, wrong + (not ok)
    truth = [bool(row["third_party"]) for row in rows]
    said = [bool(t) for t in third]
    both = sum(a and b for a, b in zip(truth, said, strict=True))
    return {
        "texts": len(rows), "spans": hit + missed, "span_recall": hit / max(1, hit + missed), "span_precision": right / max(1, right + wrong),
        "subject_correct": same / max(1, hit), "third_party_recall": both / max(1, sum(truth)), "third_party_precision": both / max(1, sum(said)),
    }  # fmt: skip


def addresses(table: pd.DataFrame, find: Find) -> dict[str, float]:
    rows = [(c.format(a), c.index("{}"), len(a)) for a in table["address"].iloc[::3] for c in CARRIERS]
    found = find([row[0] for row in rows])
    hit = sum(any(s[2] == "address" and overlaps(s, (b, b + n)) for s in spans) for (_, b, n), spans in zip(rows, found, strict=True))
    whole = sum(any(s[2] == "address" and s[0] <= b and s[1] >= b + n for s in spans) for (_, b, n), spans in zip(rows, found, strict=True))
    return {"sentences": len(rows), "recall": hit / len(rows), "covered_whole": whole / len(rows)}


def wikipedia(rows: list[dict], find: Find) -> dict[str, float]:  # type: ignore[type-arg]
    found = find([row["text"] for row in rows])
    hit = total = right = said = 0
    for row, spans in zip(rows, found, strict=True):
        people = [tuple(e["span"]) for e in row["entities"] if e["type"] == "人名"]
        kanji = [tuple(e["span"]) for e in row["entities"] if e["type"] == "人名" and KANJI.fullmatch(e["name"])]
        names = [s for s in spans if s[2] == "person_name"]
        total, hit = total + len(kanji), hit + sum(any(overlaps(n, k) for n in names) for k in kanji)
        said, right = said + len(names), right + sum(any(overlaps(n, p) for p in people) for n in names)
    return {"names": total, "recall": hit / total, "precision": right / max(1, said)}


def peers(found: dict, rows: list[dict], wiki: list[dict]) -> dict[str, object]:  # type: ignore[type-arg]
    """Measure what other tools found in the same texts; they do not say whose it is, so any name counts as a third party."""
    spans = {name: [[tuple(s) for s in several] for several in found[name]] for name in ("municipal", "survey", "wikipedia")}
    people = [("private",) if any(s[2] == "person_name" for s in several) else () for several in spans["municipal"]]
    named = sum(any(s[2] == "person_name" for s in several) for several in spans["survey"])
    return {
        "versions": found["versions"], "texts_per_second": found["texts_per_second"],
        "municipal": municipal(rows, lambda _: spans["municipal"], people), "wikipedia_names": wikipedia(wiki, lambda _: spans["wikipedia"]),
        "survey_name_alarms_per_1000": 1000 * named / len(spans["survey"]), "survey_answers": len(spans["survey"]),
    }  # fmt: skip


def speed(texts: list[str]) -> dict[str, float]:
    chars = sum(map(len, texts))
    parse, finder = [], []
    for _ in range(5):
        begin = time.perf_counter()
        tokens = as_tokens(texts)
        middle = time.perf_counter()
        PersonalDataFinder().transform(tokens)
        parse.append(middle - begin)
        finder.append(time.perf_counter() - middle)
    per_comment = 79e6 / chars
    return {
        "parse_us_per_79_chars": statistics.median(parse) * per_comment, "finder_us_per_79_chars": statistics.median(finder) * per_comment,
        "ratio": statistics.median(finder) / statistics.median(parse),
        "texts_per_second_with_parsing": len(texts) / (statistics.median(parse) + statistics.median(finder)),
    }  # fmt: skip


def unidic_entries() -> Iterator[list[str]]:
    """Yield the features of each entry of unidic-lite (the text block at the end of MeCab's binary dictionary)."""
    import unidic_lite

    data = (Path(unidic_lite.DICDIR) / "sys.dic").read_bytes()
    index, words, text = struct.unpack("<10I", data[:40])[6:9]
    begin = 72 + index + words
    for entry in data[begin : begin + text].split(b"\0"):
        if entry.startswith("名詞".encode()) or entry.startswith("形状詞".encode()) or entry.startswith("副詞".encode()):
            yield next(csv.reader([entry.decode("utf-8", "replace")]))


def count_name_kanji() -> None:
    """Write ``personal/name_kanji.tsv``: which kanji begin and end surnames, given names and common words of UniDic."""
    words: dict[str, set[str]] = {"姓": set(), "名": set(), "": set()}
    for entry in unidic_entries():
        kind = entry[3] if entry[2] == "人名" else "" if entry[1] != "固有名詞" else "-"
        if kind in words and len(entry) > 8 and re.fullmatch(r"[一-龥々ヶケ]+", entry[8]):
            words[kind].add(entry[8])

    def compared(kind: str, place: int) -> dict[str, float]:
        names, others = (Counter(word[place] for word in words[k] if len(word) > 1) for k in (kind, ""))
        n, m = sum(names.values()) + 500, sum(others.values()) + 500
        return {c: math.log((names[c] + 0.5) / n) - math.log((others[c] + 0.5) / m) for c in names.keys() | others.keys()}

    columns = [compared(kind, place) for kind in ("姓", "名") for place in (0, -1)]
    seen = Counter(char for several in words.values() for word in several for char in (word[0], word[-1]))
    rows = [
        [char, *(str(round(10 * column.get(char, 0.0))) for column in columns), "".join(kind for kind in ("姓", "名") if char in words[kind])]
        for char in sorted(seen) if seen[char] >= 5
    ]  # fmt: skip
    lines = ["kanji\tsurname_first\tsurname_last\tgiven_first\tgiven_last\talone", *("\t".join(row) for row in rows)]
    (dictionaries_root() / NAME_KANJI).write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    default = os.environ.get("TEXTLENS_DEV_DATA", Path(__file__).resolve().parents[2] / "shared" / "data")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--peers", type=Path, help="what personal_peers.py wrote")
    parser.add_argument("--name-kanji", action="store_true", help="count the kanji of names anew and stop")
    args = parser.parse_args()
    if args.name_kanji:
        count_name_kanji()
        return
    gold = args.gold or args.data / "gold" / "municipal_gold.jsonl"
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines() if line.strip()]
    survey = pd.read_csv(args.data / "fukui_survey_dev.csv")["text"].dropna().astype(str).tolist()
    wiki = json.loads((args.data / "ner_wikipedia_dev.json").read_text(encoding="utf-8"))
    table = pd.read_csv(args.data / "addresses_dev.csv")
    third = PersonalDataFinder().subjects([row["text"] for row in rows]).tolist()
    plain = [("private",) if spans else () for spans in baseline([row["text"] for row in rows])]
    result: dict[str, object] = {}
    for name, find, people in (("textlens", ours, third), ("six_regexes", baseline, plain)):
        named = sum(any(s[2] == "person_name" for s in spans) for spans in find(survey))
        result[name] = {
            "municipal": municipal(rows, find, people), "addresses": addresses(table, find), "wikipedia_names": wikipedia(wiki, find),
            "wikipedia_even_rows": wikipedia(wiki[::2], find), "wikipedia_odd_rows": wikipedia(wiki[1::2], find),
            "survey_name_alarms_per_1000": 1000 * named / len(survey),
        }  # fmt: skip
    if args.peers:
        result["ginza_presidio"] = peers(json.loads(args.peers.read_text(encoding="utf-8")), rows, wiki)
    result["textlens_min_score_0.4"] = {"wikipedia_names": wikipedia(wiki, lambda texts: ours(texts, 0.4))}
    result["speed_survey"] = speed([t for t in survey if len(t) >= 30][:5000])
    text = json.dumps(result, ensure_ascii=False, indent=2)
    if args.out:
        args.out.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
