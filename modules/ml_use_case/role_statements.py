"""What each role of a team may do in SageMaker, and what it must never do. No cdktf here.

Data and features are not here: the lake and the feature store say what the same roles may read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from modules.core.iam import Statement
from modules.ml_use_case.names import CAPTURE, RUNS
from modules.ml_use_case.role_jobs import JOB_KEYS, job_denials, makes_jobs, makes_pipelines, runs_containers, tags
from modules.ml_use_case.role_models import (
    endpoint_denials,
    explains,
    makes_models,
    never_approves,
    never_builds,
    registers,
    serves,
)
from modules.ml_use_case.role_source import reads_source, writes_source
from modules.ml_use_case.role_studio import studio_denials, tracks_experiments, works_in_studio
from modules.ml_use_case.role_words import hands_over, looks, never, reads, uses_keys, writes
from modules.ml_use_case.studio_settings import STUDIO_PERSONAS, ServiceRole, StudioPersona
from modules.ml_use_case.workplace import Workplace

TeamRole = StudioPersona | ServiceRole
_JOBS = ("*-job/*", "model/*", "pipeline/*")
_DEPLOYED = ("endpoint-config/*", "endpoint/*", "model/*", "pipeline/*")


def works(role: TeamRole, place: Workplace) -> tuple[Statement, ...]:
    """What the role may do there with jobs, models and files."""
    return tuple(_WORKS[role](place))


def runs(role: TeamRole, place: Workplace) -> tuple[Statement, ...]:
    """What SageMaker does as the role of a job or an endpoint; nothing for people, as whom no container runs."""
    return () if role in STUDIO_PERSONAS else tuple(runs_containers(place))


def in_studio(role: TeamRole, place: Workplace) -> tuple[Statement, ...]:
    """What the role may do in Studio itself; nothing for one as which no person works."""
    if role not in STUDIO_PERSONAS:
        return ()
    # In a shared space everybody works as the data scientist: nobody else enters one, or they would hold two roles.
    shares = role == "data-scientist"
    return (*looks(place), *works_in_studio(place, shares=shares), *tracks_experiments(place))


def changes_source(role: TeamRole, place: Workplace) -> tuple[Statement, ...]:
    """What the role may do with the source of projects: the lead reads what others write."""
    if role not in STUDIO_PERSONAS:
        return ()
    return (*reads_source(place), *(() if role == "ml-team-lead" else writes_source(place)))


def must_not(role: TeamRole, place: Workplace) -> tuple[Statement, ...]:
    """What the role must never do there, whatever another policy of it says."""
    # Data is read as the role itself: a job cannot answer for MFA, and a second role would have a trail of its own.
    return (never("NeverAnotherRole", "sts:AssumeRole"), *_NEVER[role](place))


def _data_scientist(place: Workplace) -> Iterator[Statement]:
    """Explores, tries, trains, and registers what may become a model."""
    yield from makes_jobs(place)
    yield from makes_pipelines(place)
    yield from registers(place)
    yield tags(place, *_JOBS)
    yield from _workspace(place)
    yield from uses_keys(place, *JOB_KEYS, "domain")
    yield hands_over(place, "pipeline")


def _ml_engineer(place: Workplace) -> Iterator[Statement]:
    """Runs pipelines and deploys models in dev."""
    yield from makes_pipelines(place)
    yield from serves(place)
    yield tags(place, *_DEPLOYED)
    yield from _workspace(place)
    yield from uses_keys(place, *JOB_KEYS, "domain", "endpoint")
    yield hands_over(place, "pipeline", "serving")


def _ml_team_lead(place: Workplace) -> Iterator[Statement]:
    """Judges models by what their builds report. No code of the lead's registers, deploys, or runs as another role."""
    yield from reads(place.workspace, "Workspace")
    yield from reads(place.project_buckets, "Builds", below=RUNS)
    yield from uses_keys(place, *JOB_KEYS, "domain")


def _pipeline(place: Workplace) -> Iterator[Statement]:
    """Builds a model in dev, and runs batches and monitors wherever the team has models."""
    yield from looks(place)
    yield from makes_jobs(place)
    yield from makes_models(place)
    yield tags(place, *_JOBS)
    yield from uses_keys(place, *JOB_KEYS)
    yield hands_over(place, "pipeline")
    yield from explains(place)
    if place.develops:
        yield from registers(place)
        yield from _workspace(place)


def _serving(place: Workplace) -> Iterator[Statement]:
    """Answers as an endpoint, and keeps what it was asked beside the project's builds."""
    yield from reads(place.project_buckets, "Builds", below=RUNS)
    yield from writes(place.project_buckets, "Capture", below=CAPTURE)
    yield from uses_keys(place, "artifacts", "endpoint")


def _workspace(place: Workplace) -> Iterator[Statement]:
    yield from reads(place.workspace, "Workspace")
    yield from writes(place.workspace, "Workspace")


def _of_data_scientist(place: Workplace) -> Iterator[Statement]:
    yield from job_denials(place)
    yield from studio_denials(place)
    yield from never_approves()


def _of_ml_engineer(place: Workplace) -> Iterator[Statement]:
    yield from job_denials(place)
    yield from endpoint_denials(place)
    yield from studio_denials(place)
    yield from never_approves()
    yield never("NeverRegister", "sagemaker:CreateModelPackage")


def _of_ml_team_lead(place: Workplace) -> Iterator[Statement]:
    yield from studio_denials(place)
    yield never("NeverApprove", "sagemaker:UpdateModelPackage")
    yield from never_builds()


def _of_pipeline(place: Workplace) -> Iterator[Statement]:
    yield from job_denials(place)
    yield from never_approves()


def _of_serving(place: Workplace) -> Iterator[Statement]:
    yield never("NeverMake", "sagemaker:Create*", "sagemaker:Update*", "iam:PassRole")


_WORKS: Mapping[TeamRole, Callable[[Workplace], Iterator[Statement]]] = {
    "data-scientist": _data_scientist,
    "ml-engineer": _ml_engineer,
    "ml-team-lead": _ml_team_lead,
    "pipeline": _pipeline,
    "serving": _serving,
}
_NEVER: Mapping[TeamRole, Callable[[Workplace], Iterator[Statement]]] = {
    "data-scientist": _of_data_scientist,
    "ml-engineer": _of_ml_engineer,
    "ml-team-lead": _of_ml_team_lead,
    "pipeline": _of_pipeline,
    "serving": _of_serving,
}
