"""Layer 1: reading office files, attribute values, counts and tests."""

from textlens.tables.attributes import normalize_attributes
from textlens.tables.changes import changed_labels, changed_rules
from textlens.tables.groups import compare_groups, writing_rates
from textlens.tables.reading import read_comments

__all__ = ["changed_labels", "changed_rules", "compare_groups", "normalize_attributes", "read_comments", "writing_rates"]
