"""What both OSCAL documents are made of: ids, times, properties and the ids of NIST SP 800-53."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from importlib.metadata import version
from typing import Any

OSCAL_VERSION = "1.2.1"  # that of compliance-trestle's models
NIST_800_53 = (
    "https://raw.githubusercontent.com/usnistgov/oscal-content/main/nist.gov/SP800-53/rev5/json/"
    "NIST_SP-800-53_rev5_catalog.json"
)
NAMESPACE = "urn:mlgov:oscal"

_ROOT = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)

Json = dict[str, Any]


def id_of(*names: object) -> str:
    """The UUID of something by its kind and names: the same in every run, another for every other name."""
    return str(uuid.uuid5(_ROOT, json.dumps(names, default=str)))


def digest(content: object) -> str:
    """SHA-256 of a JSON value, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def moment(day: date) -> str:
    """The start of a day, in UTC."""
    return datetime.combine(day, time(), UTC).isoformat()


def metadata(title: str, today: date) -> Json:
    return {
        "title": title,
        "last-modified": moment(today),
        "version": version("mlgov"),
        "oscal-version": OSCAL_VERSION,
    }


def line(text: str) -> str:
    """The text in one line that is not empty, as OSCAL wants its strings."""
    return " ".join(text.split()) or "-"


def props(pairs: Iterable[tuple[str, object]]) -> list[Json]:
    """Properties of ours, those without a value left out."""
    return [
        {"name": name, "ns": NAMESPACE, "value": line(str(value))} for name, value in pairs if value not in (None, "")
    ]


def nist_id(clause: str) -> str:
    """The id that NIST's OSCAL catalogue gives a control or enhancement: `AC-2(1)` is `ac-2.1`."""
    return clause.lower().replace("(", ".").replace(")", "")
