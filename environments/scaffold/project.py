"""The file of a new project."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from environments.scaffold.place import header
from environments.scaffold.scalar import scalar
from modules.core.errors import ConfigError
from modules.ml_use_case.project_settings import BuildTemplate

_GATE = re.compile(r"(?P<metric>[A-Za-z0-9_]+) *(?P<operator>[<>]=) *(?P<bound>[0-9]{1,12}(?:\.[0-9]{1,12})?)")


@dataclass(frozen=True, slots=True)
class NewProject:
    """What is asked of a project. `data` is `<domain>.<product>.<table>`, or a prefix below data/ with its format.

    The gate is `<metric> >= <number>` or `<metric> <= <number>`.
    """

    project: str
    team: str
    template: BuildTemplate
    description: str
    data: str
    target: str
    gate: str
    text: str | None = None


def project_file(config: Path, new: NewProject) -> str:
    """The file, with a comment on what else may be said. Raises ConfigError for data or a gate of another form."""
    lines = [
        f"{header(config, 'project')}# A model that the team {new.team} builds in its dev account.\n",
        f"project: {scalar(new.project)}",
        f"team: {scalar(new.team)}",
        f"description: {scalar(new.description)}",
        f"template: {new.template}",
        f"gate: {_gate(new.gate)}",
        "risk: high # as the model card says it, until somebody rates it lower",
        f"\ndata: {_data(new.data)}",
    ]
    lines += [f"text: {scalar(new.text)}"] if new.text else []
    lines.append(f"target: {scalar(new.target)}")
    lines += [
        "# facets: columns by which bias is measured, each with values of the group that might be treated worse",
        "# serving: {} # an endpoint, in test and production; or { mode: asynchronous }, or { mode: batch }",
    ]
    return "\n".join(lines) + "\n"


def _gate(text: str) -> str:
    found = _GATE.fullmatch(text.strip())
    if found is None:
        raise ConfigError(f"the gate must be such as `roc_auc >= 0.8` (got {text!r}): nothing was written")
    key = {">=": "at_least", "<=": "at_most"}[found["operator"]]
    return f"{{ metric: {scalar(found['metric'])}, {key}: {found['bound']} }}"


def _data(text: str) -> str:
    table = text.split(".")
    if len(table) == 3 and ":" not in text:
        domain, product, name = (scalar(part) for part in table)
        return f"{{ published: {{ domain: {domain}, product: {product}, table: {name} }} }}"
    prefix, separator, kind = text.rpartition(":")
    if not separator:
        forms = "`<domain>.<product>.<table>` or `<prefix>:<format>`, such as letters:jsonl"
        raise ConfigError(f"data must be {forms} (got {text!r}): nothing was written")
    return f"{{ files: {{ prefix: {scalar(prefix)}, format: {scalar(kind)} }} }} # below data/ of the project's bucket"
