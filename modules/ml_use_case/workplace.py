"""Where a team works: what the statements of its roles are made of. No cdktf here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modules.core.iam import Conditions
from modules.core.naming import Naming
from modules.ml_use_case.names import model_versions, project_bucket, workspace


@dataclass(frozen=True, slots=True)
class Workplace:
    """One team in one of its accounts.

    `projects` are those that it builds there: none outside dev. `key_arns` are the account's keys by purpose.
    `security_group_id` is that of workloads in the account's network, None where it has none: no jobs run there.
    `instance_types` are patterns of what Studio starts on, `image_accounts` those whose images jobs run beside ours.
    `branches` are those of the projects that are built.
    """

    naming: Naming
    team: str
    develops: bool
    projects: tuple[str, ...]
    key_arns: Mapping[str, str]
    security_group_id: str | None
    instance_types: tuple[str, ...]
    image_accounts: tuple[str, ...]
    branches: tuple[str, ...] = ("main",)

    @property
    def made(self) -> Conditions:
        """What is made carries the team's tag."""
        return {"StringEquals": {"aws:RequestTag/Team": self.team}}

    @property
    def owned(self) -> Conditions:
        """What carries the team's tag."""
        return {"StringEquals": {"aws:ResourceTag/Team": self.team}}

    @property
    def tagged(self) -> Conditions:
        """Who tags a thing as the team's must not take it from another team by that."""
        return {
            "StringEquals": {"aws:RequestTag/Team": self.team},
            "StringEqualsIfExists": {"aws:ResourceTag/Team": self.team},
        }

    @property
    def workspace(self) -> tuple[str, ...]:
        """The ARN of the bucket of the team's workspace; none outside dev."""
        return (self.naming.bucket_arn(workspace(self.team)),) if self.develops else ()

    @property
    def project_buckets(self) -> tuple[str, ...]:
        """The ARNs of the buckets of its projects, whose policies admit who builds."""
        return tuple(self.naming.bucket_arn(project_bucket(project)) for project in self.projects)

    @property
    def model_versions(self) -> str:
        """What matches the ARNs of the versions of its models, whether YAML or a product made their project."""
        return model_versions(self.naming, self.team)

    def sagemaker(self, *resources: str) -> tuple[str, ...]:
        """ARNs of SageMaker in the account, such as of `training-job/*`."""
        return tuple(self.naming.arn("sagemaker", resource) for resource in resources)

    def keys(self, *purposes: str) -> tuple[str, ...]:
        """The ARNs of the account's keys for these purposes."""
        return tuple(self.key_arns[purpose] for purpose in purposes)

    def role_arns(self, roles: Sequence[str]) -> tuple[str, ...]:
        """The ARNs of roles of the team, such as `pipeline`."""
        return tuple(self.naming.role_arn(f"{self.team}-{role}") for role in roles)
