"""What staff act on: concrete, urgent, the law, who can act, what is meant."""

from textlens.facets.lack import extract_lacks
from textlens.facets.lens import Lens, apply_lens, cross, shipped_lenses
from textlens.facets.stance import stance
from textlens.facets.tagger import FacetTagger

__all__ = ["FacetTagger", "Lens", "apply_lens", "cross", "extract_lacks", "shipped_lenses", "stance"]
