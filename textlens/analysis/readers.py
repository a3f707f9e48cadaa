"""Who reads kinds and 課: what ships, or what an office taught from its own labels."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from textlens.errors import ParameterError
from textlens.intent.classifier import IntentClassifier
from textlens.models import load_model
from textlens.routing.router import DepartmentRouter

Model = str | Path | IntentClassifier | DepartmentRouter


class Readers(NamedTuple):
    """The two estimators an office can teach, and the digest of each that it taught (for the manifest)."""

    intent: IntentClassifier
    router: DepartmentRouter
    digests: dict[str, str]


def choose_readers(models: Sequence[Model] | Model, departments: str | Path | pd.DataFrame | None) -> Readers:
    """Take what ships, and in its place what ``models`` holds.

    Raises
    ------
    ParameterError
        Something else than a model; two of one kind; a 組織表 beside a model of the 課, which holds its own.
    InputFileError
        A file is not there, or is no model of textlens.
    """
    given = [models] if isinstance(models, Model) else list(models)
    taught: dict[type, IntentClassifier | DepartmentRouter] = {}
    for model in given:
        loaded = load_model(model) if isinstance(model, str | Path) else model
        if not isinstance(loaded, IntentClassifier | DepartmentRouter):
            raise ParameterError(f"models には train で作ったファイルか、学習した IntentClassifier・DepartmentRouter を渡してください（{type(loaded).__name__} が渡されました）。")
        if type(loaded) in taught:
            raise ParameterError(f"models に同じ種類（{type(loaded).__name__}）のモデルが二つあります。一つにしてください。")
        taught[type(loaded)] = loaded
    intent, router = taught.get(IntentClassifier), taught.get(DepartmentRouter)
    if router is not None and departments is not None:
        raise ParameterError("課のモデルは、学んだときの組織表を含んでいます。departments は書かないでください（表を変えるときは train からやり直します）。")
    digests = {kind.__name__: _digest(model) for kind, model in sorted(taught.items(), key=lambda item: item[0].__name__)}
    return Readers(
        intent if isinstance(intent, IntentClassifier) else IntentClassifier(),
        router if isinstance(router, DepartmentRouter) else DepartmentRouter(departments),
        digests,
    )


def _digest(model: IntentClassifier | DepartmentRouter) -> str:
    return hashlib.sha256(json.dumps(model.to_dict(), ensure_ascii=False, sort_keys=True).encode()).hexdigest()
