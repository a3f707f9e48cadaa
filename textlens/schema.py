"""Names of columns and labels, in one place. The values are English; reports translate them.

The label definitions are those of the annotation guide (``docs/labels.md``).
"""

from __future__ import annotations

STATUSES = ("ok", "blank", "no_content", "too_long", "failed")

INTENTS = ("complaint", "request", "praise", "question", "report", "opinion")
"""Kinds of voice; several may be true of one comment."""

NONE = "none"
MAIN_INTENTS = (*INTENTS, NONE)

OWN = "own_"
"""Beginning of the columns that hold an office's own kinds (``textlens train``)."""

POLARITIES = ("positive", "negative", "mixed", "neutral")
EMOTIONS = ("anger", "anxiety", "attachment", "resignation")

ACTORS = ("city", "state_or_prefecture", "police", "assembly", "residents", "private", "unknown")
TARGETS = (
    "city_hall", "staff", "measure", "facility", "assembly_mayor", "state_prefecture",
    "company", "community", "person", "survey", "unknown",
)

SUBJECTS = ("self", "family", "private", "staff", "public_figure", "deceased", "unknown")
THIRD_PARTIES = ("family", "private", "staff", "public_figure", "deceased")

PERSONAL_TYPES = (
    "person_name", "address", "phone", "email", "postal_code", "id_number", "birth_date_age",
    "vehicle", "account", "health", "disability", "family_circumstance", "crime", "beliefs",
    "affiliation", "role",
)

OUTSIDE = {"X0": "課不要", "X1": "警察", "X2": "国・県", "X3": "民間", "X4": "議会・政治"}
"""Codes of the router that are not a 課 of the table."""

FINDING_COLUMNS = ("id", "unit", "start", "end", "label", "subject", "score", "rule", "source")

UNIT_COLUMNS = (
    "id", "unit", "start", "end", "text", "intent", *(f"is_{name}" for name in INTENTS),
    "implied_request", "sentiment", "polarity", "concrete", "urgent", "legal_check",
    "actor", "target", "department",
)

COMMENT_COLUMNS = (
    "text", "status", "intent", *(f"is_{name}" for name in INTENTS), *(f"p_{name}" for name in INTENTS),
    "implied_request", "sentiment", "polarity", "concrete", "urgent", "legal_check", "actor", "target",
    "third_party", "risk_level", "department", "departments", "department_score", "held",
    "topic", "duplicate_group",
)

BOOL_COLUMNS = (*(f"is_{name}" for name in INTENTS), "implied_request", "concrete", "urgent", "legal_check", "held")
"""Columns of the comments that say yes or no."""
LIST_COLUMNS = ("third_party", "departments")
"""Columns of the comments that hold tuples."""

PROFILES = ("担当内", "庁内共有", "公表")
RECORD_TYPES = ("survey", "letter", "record")

MAX_CHARS = 20_000
"""Longer comments get the status ``too_long`` and are not analysed (domain.md B5: the longest real
answers are about 1,000 characters; 20,000 leaves room for a whole case record)."""
DECIDED = "personal.decided"
"""``source`` of a finding about somebody that a member of staff accepted, corrected or added: it is masked wherever anything is."""
PERSONAL_SOURCES = ("personal", DECIDED)
