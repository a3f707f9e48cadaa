"""Layer 2: tokens as columns."""

from textlens.tokens.compounds import join_compounds
from textlens.tokens.matrix import is_content, term_matrix
from textlens.tokens.ready import WorksUnfitted
from textlens.tokens.texts import as_text, text_series
from textlens.tokens.tokenizer import Tokenizer, as_tokens
from textlens.tokens.tokens import Tokens
from textlens.tokens.vocabulary import Vocabulary

__all__ = ["Tokenizer", "Tokens", "Vocabulary", "WorksUnfitted", "as_text", "as_tokens", "is_content", "join_compounds", "term_matrix", "text_series"]
