"""What GiNZA + Presidio find in the same texts, for ``benchmarks/personal.py --peers``.

Runs in an environment of its own, away from textlens (its packages ask for other versions):

    python -m venv peers && peers/bin/pip install "spacy<3.8" ginza ja-ginza presidio-analyzer
    peers/bin/python benchmarks/personal_peers.py --data DIR --out peers.json
    TEXTLENS_DEV_DATA=… python -m benchmarks.personal --peers peers.json

Set up as their documentation says: spaCy's ja_ginza as the language model, Presidio's recognisers for names,
places, telephone numbers (region JP), e-mail, URL, cards; entities as they come, score from 0.4.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from importlib.metadata import version
from pathlib import Path

from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpEngineProvider
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    EmailRecognizer,
    PhoneRecognizer,
    SpacyRecognizer,
    UrlRecognizer,
)

KINDS = {"PERSON": "person_name", "LOCATION": "address", "PHONE_NUMBER": "phone", "EMAIL_ADDRESS": "email", "URL": "url_sns", "CREDIT_CARD": "account"}
PLACES = ("City", "Province", "County", "GPE_Other", "Postal_Address", "Domestic_Region", "Location_Other", "Address_Other")
LEAST = 0.4


def analyzer() -> AnalyzerEngine:
    """Return Presidio over ja_ginza."""
    mapping = {"Person": "PERSON", **dict.fromkeys(PLACES, "LOCATION")}
    provider = NlpEngineProvider(nlp_configuration={
        "nlp_engine_name": "spacy", "models": [{"lang_code": "ja", "model_name": "ja_ginza"}],
        "ner_model_configuration": {"model_to_presidio_entity_mapping": mapping, "default_score": 0.85, "labels_to_ignore": ["O"]},
    })  # fmt: skip
    registry = RecognizerRegistry(supported_languages=["ja"])
    for recogniser in (
        SpacyRecognizer(supported_language="ja", supported_entities=["PERSON", "LOCATION"]),
        PhoneRecognizer(supported_language="ja", supported_regions=["JP"]), EmailRecognizer(supported_language="ja"),
        UrlRecognizer(supported_language="ja"), CreditCardRecognizer(supported_language="ja"),
    ):  # fmt: skip
        registry.add_recognizer(recogniser)
    return AnalyzerEngine(nlp_engine=provider.create_engine(), registry=registry, supported_languages=["ja"])


def main() -> None:
    """Find and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--survey", type=int, default=2000, help="how many answers of the survey (they are slow)")
    args = parser.parse_args()
    lines = (args.data / "gold" / "municipal_gold.jsonl").read_text(encoding="utf-8").splitlines()
    with (args.data / "fukui_survey_dev.csv").open(encoding="utf-8", newline="") as file:
        survey = [row["text"] for row in csv.DictReader(file) if row["text"].strip()][: args.survey]
    wiki = json.loads((args.data / "ner_wikipedia_dev.json").read_text(encoding="utf-8"))
    engine = analyzer()
    found: dict[str, object] = {"versions": {name: version(name) for name in ("ginza", "ja-ginza", "presidio-analyzer", "spacy")}}
    texts = {"municipal": [json.loads(line)["text"] for line in lines], "survey": survey, "wikipedia": [row["text"] for row in wiki]}
    begin = time.perf_counter()
    for name, several in texts.items():
        found[name] = [[(r.start, r.end, KINDS[r.entity_type], "") for r in engine.analyze(text, "ja", score_threshold=LEAST)] for text in several]
    found["texts_per_second"] = sum(map(len, texts.values())) / (time.perf_counter() - begin)
    args.out.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
