"""The build of a project: what its parts may do, what seed code is told, and what a project must say."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from modules.core.errors import ConfigError
from modules.core.foreign_role import ForeignRole
from modules.core.handshake import Edge
from modules.ml_platform.edges import COPIES_MODELS
from modules.ml_use_case.project_document import SCHEMA, VERSION
from modules.ml_use_case.project_settings import ProjectSpec
from tests.support.builds import DATASET, KEY, place, project
from tests.support.rendering import NAMING, Rendered, render, statements

BUCKET = "arn:aws:s3:::acme-dev-ml--card-fraud"
PIPELINE = "arn:aws:sagemaker:eu-west-1:222222222222:pipeline/acme-dev-card-fraud"


@pytest.fixture(name="built", scope="module")
def _built() -> Rendered:
    edge = Edge(COPIES_MODELS, "ml-shared-services-test", "project card-fraud")
    reader = (ForeignRole(NAMING, "model-sync", "o-1"), edge)
    return render(lambda scope: place(scope, project(schedule="rate(7 days)"), reader=reader))


@pytest.fixture(name="connected", scope="module")
def _connected() -> Rendered:
    source = {"provider": "github", "repository": "acme/card-fraud"}
    return render(lambda scope: place(scope, project(source=source)))


def allowed(built: Rendered, what: str) -> dict[str, dict[str, Any]]:
    """The statements of the role of a part of the build."""
    (policy,) = (each["policy"] for each in built.all("aws_iam_role_policy").values() if each["name"] == what)
    return statements(policy)


def stage(built: Rendered, what: str) -> dict[str, Any]:
    """The CodeBuild project of a stage."""
    name = f"acme-dev-card-fraud--{what}"
    return next(each for each in built.all("aws_codebuild_project").values() if each["name"] == name)


def test_seed_code_is_told_everything_by_one_parameter(built: Rendered) -> None:
    """The parameter keeps to the schema of the templates, which refuses unknown keys."""
    text = built.one("aws_ssm_parameter")["value"].replace('${jsonencode(["subnet-1", "subnet-2"])}', '["subnet-1"]')
    told = json.loads(text.replace(NAMING.account_id, "222222222222"))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(told)
    assert told["pipeline_name"] == "acme-dev-card-fraud"
    assert told["keys"] == {"output": KEY.format("artifacts"), "volume": KEY.format("data")}


def test_the_example_of_the_templates_keeps_to_their_schema() -> None:
    """What seed code tests itself with is what it is told in truth."""
    example = json.loads((SCHEMA.parent / "settings.example.json").read_text())
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(example)
    assert example["version"] == VERSION


def test_the_stage_test_has_no_rights_on_data_models_or_settings(built: Rendered) -> None:
    """Test writes its log, hands on, and has a network interface: it runs code that nobody has read yet."""
    found = allowed(built, "card-fraud--test")
    services = {action.partition(":")[0] for each in found.values() for action in _list(each["Action"])}
    assert services == {"logs", "s3", "kms", "ec2"}
    assert _list(found["HandOn"]["Resource"]) == [f"{BUCKET}/acme-dev-card-fraud/*"]
    assert all(each["type"] == "PLAINTEXT" for each in stage(built, "test")["environment"]["environment_variable"])


def test_the_stage_build_changes_this_pipeline_alone(built: Rendered) -> None:
    """Build upserts and starts the project's pipeline, and passes the team's role for jobs to SageMaker, no other."""
    found = allowed(built, "card-fraud--build")
    assert found["BringPipelineUpToDate"]["Resource"] == PIPELINE
    passed = found["HandOverTheTeamsRole"]
    assert passed["Resource"] == "arn:aws:iam::222222222222:role/acme-dev-fraud-pipeline"
    assert passed["Condition"] == {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    assert found["PutCodeOfTheRun"]["Resource"] == f"{BUCKET}/runs/code/*"


def test_the_stage_register_registers_and_approves_nothing_itself(built: Rendered) -> None:
    """Register describes the run and the versions that came of it."""
    asked = [action for each in allowed(built, "card-fraud--register").values() for action in _list(each["Action"])]
    assert {action for action in asked if action.startswith("sagemaker:")} == {
        "sagemaker:DescribeModelPackage",
        "sagemaker:DescribePipelineExecution",
        "sagemaker:ListModelPackages",
        "sagemaker:ListPipelineExecutionSteps",
    }


def test_no_role_of_a_build_has_a_wildcard_but_to_see_the_network(built: Rendered) -> None:
    """Only what describes the network has no resources in IAM."""
    for policy in built.all("aws_iam_role_policy").values():
        for sid, each in statements(policy["policy"]).items():
            assert "*" not in _list(each["Resource"]) or sid == "SeeNetwork"


def test_every_stage_runs_in_the_vpc_unprivileged_and_logged(built: Rendered) -> None:
    """All three stages: VPC, key, log group, and source from CodePipeline alone."""
    stages = [stage(built, what) for what in ("test", "build", "register")]
    for each in stages:
        assert each["vpc_config"]["subnets"] == ["subnet-1", "subnet-2"]
        assert each["environment"]["privileged_mode"] is False
        assert each["encryption_key"] == KEY.format("artifacts")
        assert each["logs_config"]["cloudwatch_logs"]["status"] == "ENABLED"
        assert (each["source"]["type"], each["artifacts"]["type"]) == ("CODEPIPELINE", "CODEPIPELINE")


def test_every_run_passes_test_build_and_register(built: Rendered) -> None:
    """A pipeline of type V2 queues its runs, and a failed Build goes back."""
    pipeline = built.one("aws_codepipeline")
    assert [each["name"] for each in pipeline["stage"]] == ["Source", "Test", "Build", "Register"]
    assert (pipeline["pipeline_type"], pipeline["execution_mode"]) == ("V2", "QUEUED")
    assert pipeline["stage"][2]["on_failure"] == {"result": "ROLLBACK"}
    assert pipeline["artifact_store"][0]["encryption_key"] == {"id": KEY.format("artifacts"), "type": "KMS"}


def test_somebody_beside_the_author_approves_what_is_built(built: Rendered) -> None:
    """The repository has a rule for pull requests into the branch that is built."""
    rule = json.loads(built.one("aws_codecommit_approval_rule_template")["content"])
    assert rule["DestinationReferences"] == ["refs/heads/main"]
    assert rule["Statements"] == [{"Type": "Approvers", "NumberOfApprovalsNeeded": 1}]
    assert built.one("aws_codecommit_repository")["lifecycle"] == {"prevent_destroy": True}


def test_a_push_and_the_calendar_start_the_whole_build(built: Rendered) -> None:
    """Both start CodePipeline, not SageMaker's pipeline: tests and registration are never passed by."""
    pattern = json.loads(
        next(
            each["event_pattern"]
            for each in built.all("aws_cloudwatch_event_rule").values()
            if each["name"].endswith("pushed")
        )
    )
    assert pattern["detail"]["referenceName"] == ["main"]
    target = built.one("aws_scheduler_schedule")["target"]
    assert json.loads(target["input"]) == {"Name": "acme-dev-card-fraud"}
    start = allowed(built, "card-fraud--start")["Start"]
    assert start["Resource"] == "arn:aws:codepipeline:eu-west-1:222222222222:acme-dev-card-fraud"


def test_a_start_or_notice_that_is_not_delivered_waits_and_is_told(built: Rendered) -> None:
    """Push, calendar and notices have retries and one queue with an alarm, to which the project's rules alone send."""
    targets = [*built.all("aws_cloudwatch_event_target").values(), built.one("aws_scheduler_schedule")["target"]]
    (queue,) = {each["dead_letter_config"]["arn"] for each in targets}
    assert len(targets) == 4
    assert all(each["retry_policy"]["maximum_retry_attempts"] >= 10 for each in targets)
    sent = built.policy("aws_sqs_queue_policy")["RulesSend"]
    assert sent["Condition"] == {
        "ArnLike": {"aws:SourceArn": "arn:aws:events:eu-west-1:222222222222:rule/acme-dev-card-fraud--*"}
    }
    alarm = built.one("aws_cloudwatch_metric_alarm")
    assert alarm["dimensions"]["QueueName"] == queue.replace(".arn}", ".name}")
    published = built.policy("aws_sns_topic_policy")["OwnAlarmPublishes"]["Condition"]["ArnEquals"]["aws:SourceArn"]
    assert published == f"arn:aws:cloudwatch:eu-west-1:222222222222:alarm:{alarm['alarm_name']}"
    assert allowed(built, "card-fraud--start")["SendDeadLetters"]["Resource"] == queue


def test_the_owner_hears_of_failures(built: Rendered) -> None:
    """A failed run of CodePipeline, and one of SageMaker, are told to the owner's address."""
    rules = [json.loads(each["event_pattern"]) for each in built.all("aws_cloudwatch_event_rule").values()]
    failed = {each["source"][0] for each in rules if "FAILED" in str(each) or "Failed" in str(each)}
    assert failed == {"aws.codepipeline", "aws.sagemaker"}
    assert built.one("aws_sns_topic_subscription")["endpoint"] == "fraud-lead@acme.example"


def test_another_account_reads_versions_and_never_updates_them(built: Rendered) -> None:
    """Seam 3: the tooling account describes and lists, as one role; there is no wildcard and no write."""
    policy = built.policy("aws_sagemaker_model_package_group_policy", "resource_policy")
    asked = {action for each in policy.values() for action in _list(each["Action"])}
    assert asked == {
        "sagemaker:DescribeModelPackageGroup",
        "sagemaker:DescribeModelPackage",
        "sagemaker:ListModelPackages",
    }
    for each in policy.values():
        assert each["Condition"]["ArnEquals"]["aws:PrincipalArn"].endswith(":role/acme-dev-model-sync")


def test_a_group_of_models_is_never_destroyed(built: Rendered) -> None:
    """The group carries the project's tags, which its versions inherit."""
    group = built.one("aws_sagemaker_model_package_group")
    assert group["lifecycle"] == {"prevent_destroy": True}
    assert group["tags"] == {"Team": "fraud", "Project": "card-fraud"}


def test_people_put_what_is_learnt_from_and_jobs_what_they_make(built: Rendered) -> None:
    """Nobody but the stages reaches what the stages hand on."""
    policies = [statements(each["policy"]) for each in built.all("aws_s3_bucket_policy").values()]
    policy = next(each for each in policies if "PeopleRead" in each)
    assert _list(policy["PeoplePutWhatIsLearntFrom"]["Resource"]) == [f"{BUCKET}/data/*", f"{BUCKET}/base-model/*"]
    assert policy["JobsPutWhatTheyMake"]["Resource"] == f"{BUCKET}/runs/*"
    assert not any("acme-dev-card-fraud/" in str(each) for each in policy.values())


def test_a_repository_elsewhere_is_read_over_a_connection_for_it_alone(connected: Rendered) -> None:
    """The pipeline may use the connection for this repository, and its trigger hears of pushes to the branch."""
    used = allowed(connected, "card-fraud--pipeline")["ReadSource"]
    assert used["Condition"] == {"StringEquals": {"codeconnections:FullRepositoryId": "acme/card-fraud"}}
    (trigger,) = connected.one("aws_codepipeline")["trigger"]
    (push,) = trigger["git_configuration"]["push"]
    assert push["branches"] == {"includes": ["main"]}
    assert not connected.all("aws_codecommit_repository")


def test_features_are_joined_as_they_were_at_the_time_of_each_row() -> None:
    """No record later than the row is joined, and of several the newest."""
    assert 'f."observed_at" <= to_unixtime(CAST(d."paid_at" AS timestamp))' in DATASET.query
    assert 'ORDER BY f."observed_at" DESC' in DATASET.query
    assert 'LEFT JOIN "features_card_velocity"' in DATASET.query


def test_settings_that_no_parameter_takes_are_told() -> None:
    """A query that is too long is told before anything is applied, with what to do."""
    wide = replace(DATASET, columns=tuple(f"column_with_a_long_name_{number}" for number in range(200)))
    with pytest.raises(ConfigError, match=r"and a parameter takes 8192: shorten its texts, join fewer features"):
        render(lambda scope: place(scope, project(), dataset=wide))


def test_settings_longer_than_a_parameter_are_told_with_their_file() -> None:
    """Bytes count, not characters, and room is left for what AWS assigns."""
    texts = {"description": "ü" * 1000, "intended_use": "ü" * 1000}
    facets = {f"facet_{number}": tuple("ü" * 60 + str(each) for each in range(3)) for number in range(10)}
    with pytest.raises(ConfigError, match=r"projects/card-fraud\.yaml: .* a parameter takes 8192: shorten its texts"):
        render(lambda scope: place(scope, project(**texts, facets=facets)))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"target": "card_id"}, "must not have its target among not_inputs or facets"),
        ({"data": {}}, "must have either published or files"),
        ({"text": "letter"}, "must have text, the column to read, with build-language-model and no other template"),
        ({"gate": {"metric": "bleu", "at_least": 1}}, "must have a gate.metric that build-tabular reports: accuracy"),
        ({"gate": {"metric": "f1"}}, "must have either at_least or at_most"),
        ({"gate": {"metric": "f1", "at_least": 1.5}}, "must have at_least above 0, up to 1: f1 is better the higher"),
        ({"gate": {"metric": "f1", "at_most": 0.5}}, "must have at_least above 0, up to 1: f1 is better the higher"),
        ({"gate": {"metric": "rmse", "at_least": 3}}, "must have at_most above 0: rmse is better the lower"),
        ({"favourable": (1, 1)}, "must name each once, and repeats 1"),
        ({"facets": {"channel": ("a", "b", "a")}}, "must name each once, and repeats a"),
        ({"schedule": "cron(0 5 * * * *)"}, "must have ? as day of month or as day of week, and only as one of them"),
        ({"schedule": "cron(99 5 * * ? *)"}, "must have minutes from 0 to 59"),
        ({"source": {"provider": "github"}}, "must have a repository (owner/name) for every provider but codecommit"),
        ({"schedule": "at(2026-01-01T00:00:00)"}, "must be cron(...) or rate(... days)"),
        (
            {"images": {"training": "222222222222.dkr.ecr.eu-west-1.amazonaws.com/a:latest"}},
            "must be an image in ECR with its digest, or with a tag that is not latest",
        ),
        ({"data": {"files": {"prefix": "a/../b", "format": "csv"}}}, "no part that is . or .."),
        (
            {"data": {"files": {"prefix": "cards", "format": "csv"}}},
            "must have data.published.event_time to join features as they were at that time",
        ),
    ],
)
def test_a_project_that_cannot_be_built_is_refused(changed: dict[str, Any], says: str) -> None:
    """Each refusal says what must be there."""
    with pytest.raises(ValueError, match=re.escape(says)):
        project(**changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"favourable": (True, 1)},
        {"gate": {"metric": "r2", "at_least": 0.2}},
        {"schedule": "rate(7 days)"},
        {"schedule": "cron(0 4 ? * MON#1 *)"},
    ],
)
def test_a_project_that_can_be_built_is_taken(changed: dict[str, Any]) -> None:
    """What the refusals lie next to is good."""
    assert project(**changed)


def test_the_risk_of_a_project_is_high_until_somebody_says_less() -> None:
    """Who says nothing gets the most care."""
    assert ProjectSpec.model_fields["risk"].default == "high"


def _list(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]
