"""One file per command of the command line; each has ``help``, ``description``, ``add_arguments``, ``run``."""

from importlib import import_module
from types import ModuleType

NAMES = ("analyze", "demo", "distribute", "collect", "review", "share", "compare", "train", "evaluate", "check", "notebooks")
"""The documentation test asks that each of them is described in the command guide."""


def command(name: str) -> ModuleType:
    """Return the module of a command; only what is asked for is imported (all of them take seconds)."""
    return import_module(f"{__name__}.{name}")
