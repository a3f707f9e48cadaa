"""Keeping what an estimator learnt from an office's own labels: plain JSON, no pickle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from textlens import __version__
from textlens.errors import InputFileError, ParameterError, TextlensError
from textlens.files import whole_file
from textlens.intent.classifier import IntentClassifier
from textlens.routing.router import DepartmentRouter

_IN_STATE = ("departments",)
"""Parameters whose content is part of the state; a path saved with the model may not be there any more."""

KINDS: dict[str, Any] = {"IntentClassifier": IntentClassifier, "DepartmentRouter": DepartmentRouter}


def save_model(model: IntentClassifier | DepartmentRouter, path: str | Path) -> Path:
    """Write a fitted estimator to one JSON file.

    The file holds words and weights learnt from the texts, not the texts; words can still be telling,
    so treat it as internal.

    Raises
    ------
    ParameterError
        The estimator has nothing to keep (it is not one of the kinds that learn).
    """
    kind = type(model).__name__
    if kind not in KINDS:
        raise ParameterError(f"{kind} は学習しないので保存するものがありません。保存できるもの: {'、'.join(KINDS)}。")
    content = {"textlens": __version__, "kind": kind, "parameters": _plain(model.get_params()), "state": model.to_dict()}
    target = Path(path)
    with whole_file(target) as draft:
        draft.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")
    return target


def load_model(path: str | Path) -> IntentClassifier | DepartmentRouter:
    """Read what :func:`save_model` wrote.

    Raises
    ------
    InputFileError
        The file is not there, is not a model of textlens, or is of a kind this version does not know.
    """
    source = Path(path)
    if not source.is_file():
        raise InputFileError(f"モデルのファイル {source.name} がありません。")
    try:
        content = json.loads(source.read_text(encoding="utf-8"))
        kind, state, parameters = content["kind"], content["state"], content["parameters"]
    except TextlensError:
        raise
    except (ValueError, KeyError, TypeError):
        raise InputFileError(f"{source.name} は textlens のモデルではありません。save_model で保存したファイルを指定してください。") from None
    if kind not in KINDS:
        raise InputFileError(f"{source.name}: この版の textlens は種類「{kind}」のモデルを知りません。")
    try:
        model: IntentClassifier | DepartmentRouter = KINDS[kind].from_dict(state)
        return model.set_params(**{k: v for k, v in parameters.items() if v is not None and k not in _IN_STATE})
    except TextlensError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        raise InputFileError(f"{source.name} の中身が欠けているか、書き換えられています。train か save_model で書き出し直してください。") from None


def _plain(parameters: dict[str, Any]) -> dict[str, Any]:
    """Keep the parameters JSON can hold; tables are part of the state."""
    return {k: v if isinstance(v, str | int | float | bool) else None for k, v in parameters.items()}
