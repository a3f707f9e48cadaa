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
    "Analysis": "analysis_result",
    "DepartmentRouter": "routing",
    "FacetTagger": "facets",
    "IntentClassifier": "intent",
    "Lens": "facets_lens",
    "PersonalDataFinder": "personal",
    "SentimentScorer": "sentiment",
    "TextlensError": "errors",
    "Tokenizer": "tokens",
    "Tokens": "tokens",
    "TopicClusterer": "topics",
    "analyze": "analysis",
    "apply_lens": "facets_lens",
    "compare_groups": "tables",
    "compare_years": "tables.years",
    "cross": "facets_lens",
    "extract_lacks": "facets_lack",
    "group_duplicates": "duplicates",
    "load": "analysis_result",
    "load_model": "models",
    "mask": "personal",
    "read_comments": "tables",
    "row_status": "status",
    "sample_survey_path": "sample",
    "save_model": "models",
    "stance": "facets_stance",
    "use_dictionaries": "rules",
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
