"""How positive or negative a voice is, and which feelings it shows."""

from textlens.sentiment.scorer import SentimentScorer

__all__ = ["SentimentScorer"]
