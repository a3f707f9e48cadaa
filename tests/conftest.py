"""Fixtures for every test; the only conftest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the development data, which is not part of the project; skip where it is absent."""
    folder = Path(os.environ.get("TEXTLENS_DEV_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "gold").is_dir():
        pytest.skip("開発用データがないので飛ばします（環境変数 TEXTLENS_DEV_DATA で場所を指定できます）")
    return folder
