"""The log catalogue: which log groups there are, who writes them, and what may be in them. No cdktf here.

AWS makes some of them by itself when they are first written to, without end and without our key: those Terraform makes
before. All others stand in the stack of what writes them, which says how long they are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

LogPurposeName = Literal[
    "bedrock-invocations",
    "builds",
    "endpoints",
    "events",
    "feature-and-data-jobs",
    "functions",
    "network-firewall",
    "processing",
    "sensitive-data-findings",
    "state-machines",
    "studio",
    "telemetry-delivery",
    "training",
    "transform",
]


@dataclass(frozen=True, slots=True)
class LogPurpose:
    """Log groups of one purpose: `pattern` is a name, in which `*` stands for any text.

    `of_accounts`: the roles of the accounts in which AWS would make the group, so that their baselines make it.
    `says`: what may be in it, for who reads it.
    """

    name: LogPurposeName
    pattern: str
    says: str
    of_accounts: tuple[str, ...] = ()

    def has(self, group: str) -> bool:
        """Whether the log group is one of these."""
        return fnmatchcase(group, self.pattern)


_TEAMS = ("ml-team",)
# Names that AWS gives: https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
CATALOGUE: tuple[LogPurpose, ...] = (
    LogPurpose("training", "/aws/sagemaker/TrainingJobs", "what training and tuning print", _TEAMS),
    LogPurpose(
        "processing",
        "/aws/sagemaker/ProcessingJobs",
        "what processing, model monitors and steps of pipelines print",
        _TEAMS,
    ),
    LogPurpose("transform", "/aws/sagemaker/TransformJobs", "what batch transforms print", _TEAMS),
    LogPurpose("studio", "/aws/sagemaker/studio", "apps and lifecycle scripts of Studio", _TEAMS),
    LogPurpose("endpoints", "/aws/sagemaker/Endpoints/*", "what containers print while they answer"),
    LogPurpose("bedrock-invocations", "/aws/vendedlogs/bedrock/*", "what Bedrock is asked and answers"),
    LogPurpose("sensitive-data-findings", "/aws/vendedlogs/sensitive-data/*", "where something was masked, not what"),
    LogPurpose("state-machines", "/aws/vendedlogs/states/*", "inputs and outputs of the steps of workflows"),
    LogPurpose("network-firewall", "/aws/vendedlogs/*-firewall-alerts", "connections that were refused"),
    LogPurpose("telemetry-delivery", "/aws/kinesisfirehose/*", "records that could not be delivered"),
    LogPurpose("events", "/aws/events/*", "events of models and features"),
    LogPurpose("functions", "/aws/lambda/*", "what functions log, as JSON"),
    LogPurpose("builds", "/aws/codebuild/*", "what builds and releases print"),
    LogPurpose("feature-and-data-jobs", "/aws-glue/*", "what jobs of the data lake and the feature store print"),
)


def purpose_of(group: str) -> LogPurpose | None:
    """What the log group is for; None for one that nobody catalogued."""
    return next((purpose for purpose in CATALOGUE if purpose.has(group)), None)


def made_in(roles: Sequence[str]) -> Iterator[LogPurpose]:
    """The log groups that the baseline of an account with these roles makes before AWS does."""
    yield from (purpose for purpose in CATALOGUE if set(purpose.of_accounts) & set(roles))
