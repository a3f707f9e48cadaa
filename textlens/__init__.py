"""textlens: 市民の声（自由記述・相談記録）を、一件も落とさずに読む。

>>> import textlens as tl
>>> comments = tl.read_comments(tl.sample_survey_path())
>>> list(comments.columns)[0]
'text'

Names are loaded when they are first used, so that ``import textlens`` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "Analysis": "analysis",
    "DepartmentRouter": "routing",
    "FacetTagger": "facets",
    "FrozenTopics": "topics",
    "IntentClassifier": "intent",
    "Lens": "facets",
    "PersonalDataFinder": "personal",
    "SentimentScorer": "sentiment",
    "TextlensError": "errors",
    "Tokenizer": "tokens",
    "Tokens": "tokens",
    "TopicClusterer": "topics",
    "TopicEdits": "topics",
    "analyze": "analysis",
    "analyze_years": "analysis.years",
    "apply_codes": "words",
    "apply_lens": "facets",
    "characteristic_words": "words",
    "compare_groups": "tables",
    "compare_years": "tables.years",
    "cooccurrence": "words",
    "cross": "facets",
    "extract_lacks": "facets",
    "find_duplicates": "duplicates",
    "group_duplicates": "duplicates",
    "kwic": "words",
    "load": "analysis",
    "load_model": "models",
    "mask": "personal",
    "read_codes": "words",
    "read_comments": "tables",
    "row_status": "status",
    "sample_survey_path": "sample",
    "save_model": "models",
    "stance": "facets",
    "suggest_compounds": "words",
    "topic_polarity": "topics",
    "use_dictionaries": "rules",
    "word_counts": "words",
}

__all__ = [*_HOMES, "__version__"]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'textlens' has no attribute {name!r}")
    value = getattr(import_module(f"textlens.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
