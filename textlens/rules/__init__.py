"""Layer 3: dictionaries, and matching their rules on tokens."""

from textlens.resources import use_dictionaries
from textlens.rules.dictionary import (
    Row,
    dictionary_hashes,
    load_rows,
    read_columns,
    read_table,
)
from textlens.rules.matching import Matches, RuleSet, load_rules

__all__ = [
    "Matches", "Row", "RuleSet", "dictionary_hashes", "load_rows", "load_rules", "read_columns", "read_table",
    "use_dictionaries",
]
