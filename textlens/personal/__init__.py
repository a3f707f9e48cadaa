"""Layer 4: personal data in comments: find it, say whose it is, mask it readably."""

from textlens.personal.finder import PersonalDataFinder
from textlens.personal.mask import mask

__all__ = ["PersonalDataFinder", "mask"]
