"""Where the source of a project comes from: a repository of CodeCommit, or one elsewhere over a connection."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.codecommit_approval_rule_template import CodecommitApprovalRuleTemplate
from cdktf_cdktf_provider_aws.codecommit_approval_rule_template_association import (
    CodecommitApprovalRuleTemplateAssociation,
)
from cdktf_cdktf_provider_aws.codecommit_repository import CodecommitRepository
from cdktf_cdktf_provider_aws.codeconnections_connection import CodeconnectionsConnection
from constructs import Construct

from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.ml_use_case.source_settings import ProjectSource

REPOSITORY_LIMIT, CONNECTION_LIMIT = 100, 32
_PROVIDERS = {"github": "GitHub", "gitlab": "GitLab", "bitbucket": "Bitbucket"}
_ARCHIVE = (
    "codecommit:CancelUploadArchive",
    "codecommit:GetBranch",
    "codecommit:GetCommit",
    "codecommit:GetUploadArchiveStatus",
    "codecommit:UploadArchive",
)


@dataclass(frozen=True, slots=True)
class SourceAction:
    """The source as an action of CodePipeline: its provider and configuration, and what the pipeline's role needs.

    `pushed` is the ARN of the repository whose events start the pipeline; None where the connection tells it.
    """

    provider: str
    configuration: Mapping[str, str]
    statements: Sequence[Statement]
    pushed: str | None = None


class Repository(Construct):
    """The repository of a project in CodeCommit, in its team's account.

    `approvals` is how many people, beside the author, approve a pull request before it is merged; AWS counts no
    author's own approval (https://docs.aws.amazon.com/codecommit/latest/userguide/approval-rule-templates.html).

    Guarantees:
    - Terraform refuses to destroy it; it is encrypted by `key_arn`;
    - a pull request into the branch that is built waits for `approvals` approvals.

    Controls: CICD-10 (NIST 800-53 AC-5, CM-3, SC-28).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        project: str,
        team: str,
        source: ProjectSource,
        key_arn: str,
        approvals: int,
    ) -> None:
        super().__init__(scope, id_)
        name = naming.name(project, limit=REPOSITORY_LIMIT)
        arn = naming.arn("codecommit", name)
        repository = CodecommitRepository(
            self,
            "repository",
            repository_name=name,
            description=f"Source of the project {project}",
            kms_key_id=key_arn,
            tags={"Team": team},  # by which the team's lead reviews it
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
        )
        rule = CodecommitApprovalRuleTemplate(
            self,
            "approvals",
            name=name,
            description=f"Pull requests into {source.branch} are approved by others than their author",
            content=_approvals(source.branch, approvals),
        )
        CodecommitApprovalRuleTemplateAssociation(
            self,
            "approved",
            approval_rule_template_name=rule.name,
            repository_name=repository.repository_name,
        )
        self.action = SourceAction(
            "CodeCommit",
            {
                "RepositoryName": repository.repository_name,
                "BranchName": source.branch,
                "PollForSourceChanges": "false",
                "OutputArtifactFormat": "CODE_ZIP",
            },
            [Statement("ReadSource", actions=_ARCHIVE, resources=(arn,))],
            pushed=arn,
        )


class Connection(Construct):
    """The connection to a project's repository elsewhere: a person completes it once, for this repository alone.

    Each project has its own: the app that a person installs sees one repository, and a project that ends takes its
    access with it (docs/adr/0028-builds.md).

    Guarantees: the pipeline reads the repository of the settings over it, and no other.
    Controls: CICD-03 (NIST 800-53 AC-6, IA-5).
    https://docs.aws.amazon.com/dtconsole/latest/userguide/connections-update.html
    """

    def __init__(
        self, scope: Construct, id_: str, *, naming: Naming, project: str, source: ProjectSource, repository: str
    ) -> None:
        super().__init__(scope, id_)
        connection = CodeconnectionsConnection(
            self,
            "connection",
            name=naming.name(project, limit=CONNECTION_LIMIT),
            provider_type=_PROVIDERS[source.provider],
        )
        arn = connection.arn
        self.action = SourceAction(
            "CodeStarSourceConnection",
            {
                "ConnectionArn": arn,
                "FullRepositoryId": repository,
                "BranchName": source.branch,
                "DetectChanges": "false",  # the pipeline's trigger does
                "OutputArtifactFormat": "CODE_ZIP",
            },
            [
                Statement(
                    "ReadSource",
                    actions=("codeconnections:UseConnection",),
                    resources=(arn,),
                    conditions={"StringEquals": {"codeconnections:FullRepositoryId": repository}},
                )
            ],
        )


def _approvals(branch: str, approvals: int) -> str:
    rule = {
        "Version": "2018-11-08",
        "DestinationReferences": [f"refs/heads/{branch}"],
        "Statements": [{"Type": "Approvers", "NumberOfApprovalsNeeded": approvals}],
    }
    return json.dumps(rule, separators=(",", ":"))
