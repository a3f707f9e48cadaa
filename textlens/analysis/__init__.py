"""analyze(): from a table of comments to everything staff ask of it. Wiring only."""

from textlens.analysis.pipeline import analyze
from textlens.analysis.result import Analysis, load

__all__ = ["Analysis", "analyze", "load"]
