"""Which files a version names, where each goes, and what the version says then. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Protocol

from modules.ml_operations.functions.promote_model.errors import RefusedError
from modules.ml_operations.layout import BASELINES, METRICS, MODEL, SAMPLES, MonitorKind

Json = dict[str, Any]
# As SageMaker calls what a version has metrics and baselines of -> the monitor that compares with these.
_KINDS: Mapping[str, MonitorKind] = {
    "ModelDataQuality": "data-quality",
    "ModelQuality": "model-quality",
    "Bias": "model-bias",
    "Explainability": "model-explainability",
}
# Baselines of bias after training are what a monitor compares with; those of the data before it have no monitor.
_BASELINES: Mapping[str, str] = {
    "Statistics": "statistics",
    "Constraints": "constraints",
    "PostTrainingConstraints": "constraints",
    "PreTrainingConstraints": "pre-training-constraints",
    "ConfigFile": "config",
}
# Of a copy S3 makes an ETag of its own, and SageMaker refuses a version whose files have another than it says.
_ETAGS = ("ModelDataETag", "ETag", "ManifestEtag")
# What the copy says as the version did, beside what is rewritten. Its approval and its stage are the central ones.
_KEPT = (
    "AdditionalInferenceSpecifications",
    "CustomerMetadataProperties",
    "Domain",
    "DriftCheckBaselines",
    "InferenceSpecification",
    "MetadataProperties",
    "ModelMetrics",
    "ModelPackageDescription",
    "SamplePayloadUrl",
    "SkipModelValidation",
    "Task",
)
# Where the model came from: these name places as they were, and nobody reads a copy of them.
_LINEAGE = ("CustomerMetadataProperties", "MetadataProperties")


@dataclass(frozen=True, slots=True)
class Move:
    """One file, or with `folder` all below a prefix, from `uri` to `path` below the version's folder."""

    uri: str
    path: str
    folder: bool = False


class _Mover(Protocol):
    def __call__(self, uri: str, path: str, *, folder: bool = False) -> str:
        """Note a move; returns the URI after it."""
        ...


@dataclass(frozen=True, slots=True)
class Relocated:
    """The version as its copy will say it, the files that must lie there before, and the containers with images."""

    package: Json
    moves: tuple[Move, ...]

    @property
    def containers(self) -> Iterator[Json]:
        """Every container of every way to serve the version, to be changed in place."""
        yield from self.package["InferenceSpecification"]["Containers"]
        for more in self.package.get("AdditionalInferenceSpecifications", ()):
            yield from more["Containers"]


def relocate(described: Mapping[str, Any], files: str) -> Relocated:
    """What DescribeModelPackage says, with all its files below the URI `files`, which ends in a slash.

    Raises RefusedError for a version that cannot be served, and for one that names a file in a place that is not known
    here: it would be left behind, and the copy would point into the team's account.
    """
    package: Json = {name: deepcopy(described[name]) for name in _KEPT if name in described}
    if not package.get("InferenceSpecification", {}).get("Containers"):
        raise RefusedError("not-servable", "the version does not say how it is served: register it with a container")
    moves: list[Move] = []

    def move(uri: str, path: str, *, folder: bool = False) -> str:
        moves.append(Move(uri, path, folder))
        return f"{files}{path}"

    _containers(package["InferenceSpecification"], MODEL, move)
    for more in package.get("AdditionalInferenceSpecifications", ()):
        _containers(more, f"{MODEL}{_word(more['Name'])}/", move)
    for name, folder in (("ModelMetrics", METRICS), ("DriftCheckBaselines", BASELINES)):
        for kind, sources in package.get(name, {}).items():
            for what, source in sources.items():
                word = _BASELINES.get(what) if name == "DriftCheckBaselines" else _word(what)
                if kind in _KINDS and word is not None:
                    end = PurePosixPath(source["S3Uri"]).suffix
                    source["S3Uri"] = move(source["S3Uri"], f"{folder}{_KINDS[kind]}/{word}{end}")
    if "SamplePayloadUrl" in package:
        package["SamplePayloadUrl"] = move(
            package["SamplePayloadUrl"], f"{SAMPLES}{_name(package['SamplePayloadUrl'])}"
        )
    relocated = Relocated(package, tuple(moves))
    _check(relocated, files)
    if "ModelCard" in described:
        content = described["ModelCard"]["ModelCardContent"]
        package["ModelCard"] = {"ModelCardContent": content, "ModelCardStatus": "PendingReview"}
    return relocated


def _containers(specification: Json, folder: str, move: _Mover) -> None:
    for number, container in enumerate(specification["Containers"]):
        place = f"{folder}{number}/"
        for name in _ETAGS:
            container.pop(name, None)
        if "ModelDataUrl" in container:
            container["ModelDataUrl"] = move(container["ModelDataUrl"], f"{place}{_name(container['ModelDataUrl'])}")
        # SageMaker tells both of one file: the URL of an archive, and the same as a source.
        for source, where in (
            (container.get("ModelDataSource", {}).get("S3DataSource"), place),
            (container.get("AdditionalS3DataSource"), f"{place}additional/"),
        ):
            if source is not None:
                _source(source, where, move)
        for name, value in container.get("Environment", {}).items():
            if value.startswith("s3://"):
                container["Environment"][name] = move(value, f"{place}{_word(name)}/{_name(value)}")


def _source(source: Json, place: str, move: _Mover) -> None:
    for name in _ETAGS:
        source.pop(name, None)
    if source["S3DataType"] == "S3Prefix":
        source["S3Uri"] = move(source["S3Uri"], place, folder=True)
    else:
        source["S3Uri"] = move(source["S3Uri"], f"{place}{_name(source['S3Uri'])}")


def _check(relocated: Relocated, files: str) -> None:
    by_path: dict[str, Move] = {}
    for move in relocated.moves:
        if by_path.setdefault(move.path, move) != move:
            raise RefusedError(
                "clash", f"{by_path[move.path].uri} and {move.uri} would both be copied to {move.path}: name them apart"
            )
    said = {name: value for name, value in relocated.package.items() if name not in _LINEAGE}
    left = sorted(text for text in _texts(said) if text.startswith("s3://") and not text.startswith(files))
    if left:
        raise RefusedError("unknown-file", f"nobody knows where a copy of {', '.join(left)} belongs: do not name it")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _name(uri: str) -> str:
    return PurePosixPath(uri).name


def _word(name: str) -> str:
    """`PreTrainingReport`, `SUBMIT_DIRECTORY` -> as files and folders are called."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", "-", name).lower()
