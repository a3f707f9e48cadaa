"""定型文・コピペ: the same text sent in by many."""

from textlens.duplicates.finder import find_duplicates, group_duplicates

__all__ = ["find_duplicates", "group_duplicates"]
