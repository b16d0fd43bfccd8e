"""What of a promoted version lies where, and what the parameter of a served version says. No cdktf here.

Files of a version lie in the central bucket of models below `models/<team>/<project>/<source>/`, where `source` names
the version in dev that they were copied from. Functions, the pipeline's builds and Terraform agree by this file alone.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict, get_args

MODEL, METRICS, BASELINES, SAMPLES, MANIFEST = "model/", "metrics/", "baselines/", "samples/", "manifest.json"

# What is watched once a model is in use, each against what was when it was made.
MonitorKind = Literal["data-quality", "model-quality", "model-bias", "model-explainability"]
MONITOR_KINDS: tuple[MonitorKind, ...] = get_args(MonitorKind)
STATISTICS, CONSTRAINTS = "statistics.json", "constraints.json"

# Keys of a central version's CustomerMetadataProperties beside those that the build wrote.
SOURCE_VERSION, APPROVED_BY, MANIFEST_HASH, FILES = "source_version", "approved_by", "manifest_sha256", "files"
# Who registered that version in dev, and when it was approved there.
AUTHOR, APPROVED_AT = "author", "approved_at"

# What stands for a version, and for all that is known of it, while there is none.
NO_VERSION = "none"


class ServedVersion(TypedDict):
    """The version parameter, as JSON. `baselines` are the kinds that the version has baselines of.

    `model_package_arn` is the central version's, `none` while none is served; `files` is the URI of its folder, with
    the slash; `passport` is the SHA-256 of its passport, `none` where the place needs none. `columns` are the names of
    what the model is asked by, in the order of the baseline of data quality; left out where they are not known.
    """

    model_package_arn: str
    version: str
    files: str
    passport: str
    baselines: list[str]
    columns: NotRequired[list[str]]


def baseline(files: str, kind: MonitorKind, what: str) -> str:
    """The URI of a baseline below the folder `files` of a version; `what` is STATISTICS or CONSTRAINTS."""
    return f"{files}{BASELINES}{kind}/{what}"
