"""One file per command of the command line; each has ``help``, ``description``, ``add_arguments``, ``run``."""

from textlens.commands import analyze, check, compare, demo, notebooks

COMMANDS = {
    "analyze": analyze,
    "demo": demo,
    "compare": compare,
    "check": check,
    "notebooks": notebooks,
}
"""Name → module. The documentation test asks that each of them is described in the command guide."""
