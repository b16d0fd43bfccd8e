"""The build of a project, applied by the real Terraform on the embedded AWS."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from delivery.emulator import Emulator, override
from delivery.mirror import cli_config
from modules.ml_use_case.source_settings import ProjectSource
from tests.delivery.emulator.test_applied_stacks import REGION, Terraform
from tests.support.builds import KEY, place, project
from tests.support.rendering import NAMING, render

pytestmark = pytest.mark.e2e
ACCOUNT = NAMING.account_id


class Applied:
    """Two builds in one root: one from CodeCommit, one from elsewhere; and a client for what was made."""

    def __init__(self, folder: Path, environment: dict[str, str], endpoint: str) -> None:
        self._folder, self._endpoint = folder, endpoint
        self.write()
        self.terraform = Terraform(folder, environment)
        self.terraform.run("apply", "-auto-approve")

    def write(self, **changed: Any) -> None:
        """The root, with some keys of both projects changed."""
        elsewhere = ProjectSource(provider="github", repository="acme/letters")
        specs = (project(schedule="rate(7 days)", **changed), project(project="letters", source=elsewhere, **changed))
        document = render(lambda scope: [place(scope, spec) for spec in specs]).document
        del document["resource"]["aws_s3_bucket_lifecycle_configuration"]  # the provider waits a minute for each
        document["provider"] = {"aws": [{"region": REGION}]}
        document["terraform"] = {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}}
        (self._folder / "main.tf.json").write_text(json.dumps(document), encoding="utf-8")
        (self._folder / "beside_override.tf.json").write_text(json.dumps(override(document)), encoding="utf-8")

    def client(self, service: str) -> Any:
        """A client of boto3 for the account."""
        return boto3.client(
            service,
            endpoint_url=self._endpoint,
            region_name=REGION,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="test",
        )


@pytest.fixture(name="applied", scope="module")
def _applied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Applied]:
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH: run `make terraform` and put .mlgov/bin on PATH")
    work = tmp_path_factory.mktemp("builds")
    with Emulator(work / "emulator.log", region=REGION, management_account=ACCOUNT) as emulator:
        environment = {**os.environ, **emulator.environment(), "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
        config = cli_config(work / "cli")
        if config is not None:
            environment["TF_CLI_CONFIG_FILE"] = str(config)
        folder = work / "root"
        folder.mkdir()
        yield Applied(folder, environment, emulator.endpoint)


def test_nothing_drifts(applied: Applied) -> None:
    """A second plan of a project's build finds nothing to change."""
    plan = applied.terraform.run("plan", "-detailed-exitcode")
    assert plan.returncode == 0, plan.stdout


def test_a_repository_waits_for_approvals_and_a_connection_for_a_person(applied: Applied) -> None:
    """The repository has its rule and its key; the connection is pending until somebody completes it."""
    codecommit = applied.client("codecommit")
    (rule,) = codecommit.list_associated_approval_rule_templates_for_repository(repositoryName="acme-dev-card-fraud")[
        "approvalRuleTemplateNames"
    ]
    content = codecommit.get_approval_rule_template(approvalRuleTemplateName=rule)["approvalRuleTemplate"]
    assert json.loads(content["approvalRuleTemplateContent"])["Statements"][0]["NumberOfApprovalsNeeded"] == 1
    repository = codecommit.get_repository(repositoryName="acme-dev-card-fraud")["repositoryMetadata"]
    assert repository["kmsKeyId"] == KEY.format("artifacts")
    pipeline = applied.client("codepipeline").get_pipeline(name="acme-dev-letters")["pipeline"]
    arn = pipeline["stages"][0]["actions"][0]["configuration"]["ConnectionArn"]
    connection = applied.client("codeconnections").get_connection(ConnectionArn=arn)["Connection"]
    assert (connection["ProviderType"], connection["ConnectionStatus"]) == ("GitHub", "PENDING")


def test_a_changed_project_is_changed_in_place(applied: Applied) -> None:
    """Another gate changes what is there: nothing is replaced, and the next plan is empty."""
    applied.write(gate={"metric": "roc_auc", "at_least": 0.9})
    applied.terraform.run("plan", "-out", "plan")
    plan = json.loads(applied.terraform.run("show", "-json", "plan").stdout)
    assert {tuple(each["change"]["actions"]) for each in plan["resource_changes"]} == {("no-op",), ("update",)}
    applied.terraform.run("apply", "-auto-approve")
    again = applied.terraform.run("plan", "-detailed-exitcode")
    assert again.returncode == 0, again.stdout


def test_codecommit_refuses_a_rule_without_approvals(applied: Applied) -> None:
    """A rule that nobody need approve is refused, and so is the end of one that is in use."""
    codecommit = applied.client("codecommit")
    nobody = json.dumps({"Version": "2018-11-08", "Statements": [{"Type": "Approvers", "NumberOfApprovalsNeeded": 0}]})
    with pytest.raises(codecommit.exceptions.InvalidApprovalRuleTemplateContentException):
        codecommit.create_approval_rule_template(approvalRuleTemplateName="nobody", approvalRuleTemplateContent=nobody)
    with pytest.raises(codecommit.exceptions.ApprovalRuleTemplateInUseException):
        codecommit.delete_approval_rule_template(approvalRuleTemplateName="acme-dev-card-fraud")
