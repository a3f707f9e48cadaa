"""Words: frequencies, KWIC, co-occurrence, 特徴語, coding rules, correspondence."""

from textlens.words.coding import apply_codes, read_codes
from textlens.words.compounds import suggest_compounds
from textlens.words.groups import characteristic_words
from textlens.words.map import correspondence, word_map
from textlens.words.network import cooccurrence
from textlens.words.spellings import spelling_variants
from textlens.words.tables import find_words, kwic, word_counts

__all__ = ["apply_codes", "characteristic_words", "cooccurrence", "correspondence", "find_words", "kwic", "read_codes", "spelling_variants", "suggest_compounds", "word_counts", "word_map"]
