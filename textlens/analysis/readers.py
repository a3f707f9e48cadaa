"""Who reads kinds and 課: what ships, or what an office taught from its own labels; and whether it is what read before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from textlens.errors import ParameterError
from textlens.intent.classifier import IntentClassifier
from textlens.models import load_model
from textlens.report.provenance import DIGITS
from textlens.report.words import Labels
from textlens.routing.router import DepartmentRouter
from textlens.rules import dictionary_hashes

Model = str | Path | IntentClassifier | DepartmentRouter

KINDS = ("IntentClassifier", "DepartmentRouter")


class Readers(NamedTuple):
    """The two estimators an office can teach, and the digest of each that it taught (for the manifest)."""

    intent: IntentClassifier
    router: DepartmentRouter
    digests: dict[str, str]

    @property
    def table_digest(self) -> str:
        """SHA-256 of the 組織表 in use: codes, names, organs and 所管語."""
        return _sha256([[one.code, one.name, one.organ, list(one.keywords)] for one in self.router.table_])

    @property
    def taught(self) -> list[Model]:
        """The models that were given, loaded."""
        own: dict[str, Model] = {"IntentClassifier": self.intent, "DepartmentRouter": self.router}
        return [own[kind] for kind in self.digests]


def choose_readers(models: Sequence[Model] | Model, departments: str | Path | pd.DataFrame | None) -> Readers:
    """Take what ships, and in its place what ``models`` holds.

    Raises
    ------
    ParameterError
        Something else than a model or a 組織表; two of one kind; a 組織表 beside a model of the 課, which holds its own.
    InputFileError
        A file is not there, or is no model of textlens.
    """
    if not isinstance(models, Model | Sequence):
        raise ParameterError(f"models にはモデル（ファイルか、学習した IntentClassifier・DepartmentRouter）か、その並びを渡してください（{type(models).__name__} が渡されました）。")
    if departments is not None and not isinstance(departments, str | Path | pd.DataFrame):
        raise ParameterError(f"departments には組織表のファイルか表（DataFrame）を渡してください（{type(departments).__name__} が渡されました）。")
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
    digests = {kind.__name__: _sha256(model.to_dict()) for kind, model in sorted(taught.items(), key=lambda item: item[0].__name__)}
    return Readers(
        intent if isinstance(intent, IntentClassifier) else IntentClassifier(),
        router if isinstance(router, DepartmentRouter) else DepartmentRouter(departments),
        digests,
    )


def unlike(run: Mapping[str, Any], readers: Readers, kinds: Sequence[str] = KINDS) -> list[str]:
    """Say in Japanese how ``readers`` differ from what made an earlier result.

    Parameters
    ----------
    run : dict
        Its manifest (``Analysis.run``).
    readers : Readers
        Who reads now.
    kinds : sequence of str
        Models whose absence matters; one that is given is always compared.

    Returns
    -------
    list of str
        Sentences that begin with what differs; empty where nothing does.

    Notes
    -----
    Misses: a manifest of an older version tells neither its models nor its 組織表; nothing is said about what it does not tell.
    """
    said = other_models(run, readers, kinds)
    table = (run.get("parameters") or {}).get("departments")
    if table and table != readers.table_digest and not said:
        said.append("組織表の所管語が、分析に使った組織表と違います。")
    return said


def other_routing_words(run: Mapping[str, Any]) -> list[str]:
    """Say in Japanese if the dictionaries that send comments to a 課 are not those of an earlier result."""
    then, now = ({name: digest for name, digest in files.items() if "routing/" in name} for files in (run.get("dictionaries") or {}, dictionary_hashes()))
    return ["振り分けの辞書が、分析のときの辞書と違います（--dictionaries と版を確かめてください）。"] if then and then != now else []


def other_models(run: Mapping[str, Any], readers: Readers, kinds: Sequence[str] = KINDS) -> list[str]:
    """Say in Japanese which models differ from those of an earlier result; see :func:`unlike`."""
    then = (run.get("parameters") or {}).get("models")
    if then is None:
        return []
    labels = Labels()
    said = (_other_model(labels("model", kind), then.get(kind), readers.digests.get(kind), needed=kind in kinds) for kind in KINDS)
    return [line for line in said if line]


def _other_model(name: str, was: str | None, now: str | None, *, needed: bool) -> str:
    if was == now or (now is None and not needed):
        return ""
    if now is None:
        return f"分析には学ばせた{name}のモデル（印 {str(was)[:DIGITS]}）が使われていますが、--model に指定されていません。"
    if was is None:
        return f"分析に{name}のモデルは使われていませんが、--model に指定されています（印 {now[:DIGITS]}）。"
    return f"--model の{name}のモデル（印 {now[:DIGITS]}）が、分析に使われたもの（印 {was[:DIGITS]}）と違います。"


def _sha256(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
