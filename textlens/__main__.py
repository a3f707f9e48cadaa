"""``python -m textlens``."""

from textlens.cli import main

raise SystemExit(main())
