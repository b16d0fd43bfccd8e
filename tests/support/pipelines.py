"""The pipelines of the small organisation, for both hosts, and what their jobs run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from delivery.pipelines.facts import Facts
from delivery.pipelines.render import pipelines
from environments.ci_settings import CiSettings, Host
from environments.graph import StackGraph
from environments.load import load
from environments.model import Organization
from tests.support.organisations import ORGANISATIONS

IMPORTER = "arn:aws:iam::222222222222:role/drift-importer"
Document = dict[str, Any]


def organization(host: Host, **settings: object) -> Organization:
    """The small organisation, which has no pipelines of its own, with some; `settings` are those of `delivery.ci`."""
    found = load(ORGANISATIONS["minnow"])
    ci = CiSettings.model_validate({"host": host, **settings})
    return found.model_copy(update={"delivery": found.delivery.model_copy(update={"ci": ci})})


def facts(host: Host, **settings: object) -> Facts:
    """What its pipelines are made from."""
    return Facts.of(StackGraph(organization(host, **settings)))


def documents(found: Facts) -> dict[str, Document]:
    """The pipelines as data, by the name of their file. `on`, which YAML 1.1 reads as true, keeps its name."""
    return {path.rpartition("/")[2]: parsed(text) for path, text in pipelines(found).items()}


def parsed(text: str) -> Document:
    """A pipeline as data."""
    document = yaml.safe_load(text)
    return {("on" if key is True else key): value for key, value in document.items()}


def steps(document: Document) -> Iterator[tuple[str, Document]]:
    """The steps of a workflow of GitHub, with the job's name."""
    for name, job in document["jobs"].items():
        yield from ((name, step) for step in job.get("steps", ()))


def shell(document: Document) -> Iterator[tuple[str, str]]:
    """What runs, of either host, with the job's name."""
    if "jobs" in document:
        yield from ((name, step["run"]) for name, step in steps(document) if "run" in step)
        return
    for name, job in document.items():
        if isinstance(job, Mapping):
            for key in ("before_script", "script", "after_script"):
                yield from ((name, line) for line in job.get(key, ()))


def commands(script: str) -> Iterator[list[str]]:
    """The arguments of each `mlgov` of a script."""
    for line in script.splitlines():
        for call in re.findall(r"\.venv/bin/mlgov ([^|>;)]*)", line):
            call = re.sub(r'"\$\{\w+\[@\]\}"', "", call)  # more options, named in the change
            yield shlex.split(call.replace("$LINKS", "https://host.example"))  # an option that is read as a URL
