"""One file per command of the command line; each has ``help``, ``description``, ``add_arguments``, ``run``."""

from textlens.commands import (
    analyze,
    check,
    collect,
    compare,
    demo,
    distribute,
    evaluate,
    notebooks,
    review,
    share,
    train,
)

COMMANDS = {
    "analyze": analyze,
    "demo": demo,
    "distribute": distribute,
    "collect": collect,
    "review": review,
    "share": share,
    "compare": compare,
    "train": train,
    "evaluate": evaluate,
    "check": check,
    "notebooks": notebooks,
}
"""Name → module. The documentation test asks that each of them is described in the command guide."""
