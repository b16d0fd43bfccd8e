"""Rules of models that are served: what their account's guardrails let stand, and what their names leave room for."""

from __future__ import annotations

from collections.abc import Iterator

from environments.configuration import Configuration
from environments.units import resolve
from environments.vocabulary import Guardrails
from modules.core.errors import Problem
from modules.core.naming import BUCKET_LIMIT
from modules.ml_operations.names import SAGEMAKER_LIMIT, VERSION_SUFFIX, serving_bucket

# From this level on guardrails refuse models outside of a network of ours (control SM-32).
_LOOSE: Guardrails = "sandbox"
_STAGES = ("test", "prod")


def _serverless_stands_where_guardrails_let_it(configuration: Configuration) -> Iterator[Problem]:
    """SageMaker takes no model for a serverless endpoint that is in a network, isolated or captured."""
    organization = configuration.organization.content
    declared = {each.account.name: each.account for each in configuration.declared()}
    for project in configuration.projects:
        serving = project.content.serving
        if serving is None or serving.ended or serving.mode != "serverless":
            continue
        for source in configuration.sources():
            if (source.role, source.owner) != ("ml-team", project.content.team) or source.environment not in _STAGES:
                continue
            account = declared.get(source.account_name)
            unit = account.unit if account else None
            if unit is None or unit not in organization.units:
                continue
            if (level := resolve(unit, organization.units).guardrails) != _LOOSE:
                message = (
                    f"must not be serverless in {source.account_name}: AWS has such an endpoint in no network of ours, "
                    f"and the guardrails of the unit {unit} ({level}) refuse that: take another mode"
                )
                yield project.tree.problem(("serving", "mode"), message)
                break


def _names_leave_room_for_versions(configuration: Configuration) -> Iterator[Problem]:
    prefix = f"{configuration.organization.content.name}-{max(_STAGES, key=len)}-"
    for project in configuration.projects:
        if project.content.serving is None:
            continue
        what = serving_bucket(project.content.project)
        names = ((f"{prefix}{what}{VERSION_SUFFIX}", SAGEMAKER_LIMIT), (f"{prefix}{what}-access-logs", BUCKET_LIMIT))
        excess, name = max((len(name) - most, name) for name, most in names)
        if excess > 0:
            message = f"is too long by {excess} to be served as {name}: shorten it"
            yield project.tree.problem(("project",), message)


RULES = (
    _serverless_stands_where_guardrails_let_it,
    _names_leave_room_for_versions,
)
