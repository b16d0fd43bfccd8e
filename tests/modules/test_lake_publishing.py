"""The publish gate: what results of data quality do to a table, on good days and bad ones."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from constructs import Construct

from modules.data_lake.functions.publish_table.handler import Publisher
from modules.data_lake.functions.publish_table.judgement import GATES, Gate, RefusedError
from modules.data_lake.publish_gate import PublishGate
from modules.data_lake.table_plans import table_plans
from tests.support.lake import GOVERNANCE, OWNER, lake
from tests.support.rendering import Rendered, TestStack, render

RULESET = "acme-prod-customers--profile--customer"
KEPT = "acme-prod-customers--profile--consent"
GATE = Gate(
    "customers_profile", "customer", ("customers_profile", "customers_profile_customers"), 4, 1.0, "withdraw", False
)
GATES_OF_DOMAIN = {
    RULESET: GATE,
    KEPT: Gate("customers_profile", "consent", ("customers_profile",), 2, 0.5, "keep", False),
    "old": Gate("customers_old", "gone", ("customers_old",), 1, 1.0, "withdraw", True),
}


class DeniedError(Exception):
    """What boto3 raises, such as for a key that the caller may not use."""


class MissingError(Exception):
    """What Systems Manager raises for a parameter that is not there."""


@dataclass
class Aws:
    """Lake Formation and Systems Manager as far as the gate calls them. `fail` names calls to be denied, in order."""

    stage: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    fail: list[str] = field(default_factory=list)
    failures: list[dict[str, Any]] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    @property
    def exceptions(self) -> Any:
        return type("Exceptions", (), {"ParameterNotFound": MissingError})

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self.fail and self.fail[0] == name:
            self.fail.pop(0)
            raise DeniedError(f"AccessDeniedException: {name}")

    def add_lf_tags_to_resource(self, *, Resource: Any, LFTags: Any) -> dict[str, Any]:
        self._called("tag")
        table = Resource["Table"]
        if not self.failures:
            assert [tag["TagKey"] for tag in LFTags] == ["stage"]
            self.stage[f"{table['DatabaseName']}.{table['Name']}"] = LFTags[0]["TagValues"][0]
        return {"Failures": self.failures}

    def get_parameter(self, *, Name: str) -> dict[str, Any]:
        self._called("read")
        if Name not in self.kept:
            raise MissingError(Name)
        return {"Parameter": {"Value": self.kept[Name]}}

    def put_parameter(self, *, Name: str, Value: str, Type: str, Overwrite: bool) -> None:
        self._called("keep")
        assert (Type, Overwrite) == ("String", True)
        self.kept[Name] = Value


@pytest.fixture(name="aws")
def _aws() -> Aws:
    return Aws()


@pytest.fixture(name="gate")
def _gate(aws: Aws) -> Publisher:
    return Publisher(
        GATES_OF_DOMAIN,
        OWNER.account_id,
        "customers",
        "/acme/lake/customers",
        aws,
        aws,
        lambda: 1_790_000_000.5,
        lambda line: aws.told.append(json.loads(line)),
    )


def result(minute: int, passed: int = 4, failed: int = 0, skipped: int = 0, **changes: Any) -> dict[str, Any]:
    """A result of the table's rules, `minute` minutes past three. `changes` are to its detail, context and envelope."""
    context = {
        "contextType": "GLUE_DATA_CATALOG",
        "runId": f"dqrun-{minute}",
        "databaseName": "customers_profile",
        "tableName": "customer",
        "catalogId": OWNER.account_id,
    }
    detail = {
        "context": {key: changes.pop(key, value) for key, value in context.items()},
        "resultID": f"dqresult-{minute}-{passed}",
        "rulesetNames": [RULESET],
        "state": "FAILED" if failed else "SUCCEEDED",
        "score": passed / max(1, passed + failed),
        "rulesSucceeded": passed,
        "rulesFailed": failed,
        "rulesSkipped": skipped,
    }
    envelope = {
        "source": "aws.glue-dataquality",
        "detail-type": "Data Quality Evaluation Results Available",
        "account": OWNER.account_id,
        "time": f"2026-11-23T03:{minute:02}:00Z",
    }
    envelope = {key: changes.pop(key, value) for key, value in envelope.items()}
    return {**envelope, "detail": {key: value for key, value in {**detail, **changes}.items() if value is not None}}


def failing(minute: int, **changes: Any) -> dict[str, Any]:
    """A result in which one of four rules failed."""
    return result(minute, passed=3, failed=1, **changes)


TABLE = "customers_profile.customer"


def test_a_table_whose_rules_pass_is_published(gate: Publisher, aws: Aws) -> None:
    """The stage becomes published, the judgement is kept, and a metric tells the score."""
    gate.judge(result(1))
    assert aws.stage == {TABLE: "published"}
    kept = json.loads(aws.kept["/acme/lake/customers/customers_profile/customer"])
    assert kept == {"id": "dqresult-1-4", "at": "2026-11-23T03:01:00+00:00", "score": 1.0, "passed": True}
    told = aws.told[0]
    assert (told["QualityScore"], told["RulesFailed"], told["outcome"]) == (1.0, 0, "published")
    directive = told["_aws"]["CloudWatchMetrics"][0]
    assert directive["Dimensions"] == [["Domain"], ["Domain", "Table"]]
    assert {metric["Name"] for metric in directive["Metrics"]} == {"QualityScore", "RulesFailed"}


def test_a_published_table_that_fails_is_withdrawn(gate: Publisher, aws: Aws) -> None:
    """It is a draft again, which nobody is granted, and the metric that alarms says so."""
    gate.judge(result(1))
    gate.judge(failing(2))
    assert aws.stage == {TABLE: "draft"}
    assert (aws.told[1]["RulesFailed"], aws.told[1]["QualityScore"]) == (1, 0.75)


def test_where_the_owner_says_keep_a_failure_alarms_and_changes_no_stage(gate: Publisher, aws: Aws) -> None:
    """A table is published when enough rules passed, and stays so when too few do."""
    consent = {"tableName": "consent", "rulesetNames": [KEPT]}
    gate.judge(result(1, passed=1, failed=1, **consent))
    assert aws.stage == {"customers_profile.consent": "published"}
    gate.judge(result(2, passed=0, failed=2, **consent))
    assert aws.stage == {"customers_profile.consent": "published"}
    assert (aws.told[1]["RulesFailed"], aws.told[1]["outcome"]) == (1, "kept")


def test_a_rule_that_was_skipped_did_not_pass(gate: Publisher, aws: Aws) -> None:
    """Glue's score leaves such a rule out; the gate counts all that are declared."""
    gate.judge(result(1, passed=3, skipped=1))
    assert aws.stage == {TABLE: "draft"}


def test_the_same_result_again_changes_nothing(gate: Publisher, aws: Aws) -> None:
    """Nor does it undo what a person did in between."""
    gate.judge(result(1))
    aws.stage[TABLE] = "draft"  # by hand
    gate.judge(result(1))
    assert aws.stage == {TABLE: "draft"}
    assert [told["outcome"] for told in aws.told] == ["published", "superseded"]
    assert aws.told[1]["Ignored"] == 1


def test_an_older_result_that_comes_late_changes_nothing(gate: Publisher, aws: Aws) -> None:
    """The latest run by its time decides, in whatever order results come."""
    gate.judge(failing(9))
    gate.judge(result(5))
    assert aws.stage == {TABLE: "draft"}


def test_of_two_results_of_one_second_the_worse_stands(gate: Publisher, aws: Aws) -> None:
    """Either order ends in a draft: times of events have whole seconds."""
    for order in ([failing(1), result(1)], [result(1), failing(1)]):
        aws.kept.clear()
        for each in order:
            gate.judge(each)
        assert aws.stage == {TABLE: "draft"}


def test_a_lost_result_is_made_up_for_by_the_next(gate: Publisher, aws: Aws) -> None:
    """A table none of whose results came stays as it is; the next that comes is judged by itself."""
    lost = result(1)
    assert aws.stage == {}
    gate.judge(result(2))
    assert aws.stage == {TABLE: "published"}
    gate.judge(lost)  # replayed from the archive
    assert aws.stage == {TABLE: "published"}


def test_a_deprecated_table_is_not_published_again(gate: Publisher, aws: Aws) -> None:
    """Its stage is Terraform's."""
    gate.judge(result(1, passed=1, rulesetNames=["old"], databaseName="customers_old", tableName="gone"))
    assert (aws.stage, aws.kept) == ({}, {})
    assert aws.told[0]["outcome"] == "deprecated"


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (result(1, account="444444444444"), "account 444444444444 reports"),
        (result(1, rulesetNames=["acme-prod-customers--profile--unknown"]), "are not the declared one"),
        (result(1, rulesetNames=[RULESET, KEPT]), "are not the declared one"),
        (result(1, rulesetNames=RULESET), "are not the declared one"),
        (result(1, databaseName="scratch"), "ran on scratch.customer, and is of customers_profile.customer"),
        (result(1, tableName="consent"), "ran on customers_profile.consent"),
        (result(1, passed=1), "has 1 rules in the domain's account, 4 are declared"),
        (result(1, rulesSucceeded=None), "not the result of a run"),
        (result(1, passed=9, failed=-5), "cannot be read"),
        (result(1, context={"contextType": "GLUE_JOB", "jobName": "x"}), "not the result of a run"),
        (result(1, time="2026-11-23T03:01:00"), "cannot be read"),
        (result(1, time="yesterday"), "not the result of a run"),
        (result(1, source="custom.quality"), "is not a result of data quality"),
        ({}, "not the result of a run"),
    ],
)
def test_a_result_that_judges_no_declared_table_is_refused(
    gate: Publisher, aws: Aws, event: Mapping[str, Any], why: str
) -> None:
    """It is raised, so that it ends in the dead letters; nothing is tagged and nothing is kept."""
    with pytest.raises(RefusedError, match=why):
        gate.judge(event)
    assert aws.calls == []


@pytest.mark.parametrize("call", ["read", "tag", "keep"])
def test_what_aws_denies_is_raised_and_done_again(gate: Publisher, aws: Aws, call: str) -> None:
    """A denial, of a key or of a grant, fails the run; the retry of Lambda then ends as one run would have."""
    aws.fail = [call]
    with pytest.raises(DeniedError):
        gate.judge(result(1))
    assert aws.kept == {}
    gate.judge(result(1))
    assert aws.stage == {TABLE: "published"}
    assert len(aws.kept) == 1


def test_an_older_result_between_a_crash_and_its_retry_does_not_stand(gate: Publisher, aws: Aws) -> None:
    """Tagged and not kept is done again: the retry puts the latest judgement back."""
    aws.fail = ["keep"]
    with pytest.raises(DeniedError):
        gate.judge(failing(5))
    gate.judge(result(1))
    gate.judge(failing(5))
    assert aws.stage == {TABLE: "draft"}


def test_a_tag_that_lake_formation_did_not_set_is_an_error(gate: Publisher, aws: Aws) -> None:
    """The call succeeds and tells failures in its answer: nothing is kept, so that it is tried again."""
    aws.failures = [{"Error": {"ErrorCode": "AccessDeniedException"}}]
    with pytest.raises(RuntimeError, match=r"customers_profile\.customer was not tagged stage=published"):
        gate.judge(result(1))
    assert (aws.stage, aws.kept) == ({}, {})


def _publish_gate(assets: dict[str, bytes]) -> Rendered:
    def build(stack: Construct) -> None:
        PublishGate(
            stack,
            "publish",
            naming=GOVERNANCE,
            owner=OWNER,
            domain="customers",
            email="owner@acme.example",
            settings=lake("customers"),
            boundary_arn="arn:aws:iam::999999999999:policy/b",
            logs_key_arn="arn:aws:kms:eu-west-1:999999999999:key/logs",
            messages_key_arn="arn:aws:kms:eu-west-1:999999999999:key/messages",
        )
        assert isinstance(stack, TestStack)
        assets.update(stack.assets)

    return render(build)


@pytest.fixture(name="made", scope="module")
def _made() -> tuple[Rendered, dict[str, bytes]]:
    assets: dict[str, bytes] = {}
    return _publish_gate(assets), assets


def test_the_function_ships_what_its_tables_must_pass(made: tuple[Rendered, dict[str, bytes]]) -> None:
    """Its archive holds a gate for each table with rules, as the YAML declares it, beside the code that reads it."""
    rendered, assets = made
    with zipfile.ZipFile(io.BytesIO(assets["publish-customers.zip"])) as archive:
        folder = "modules/data_lake/functions/publish_table/"
        gates = {name: Gate.of(body) for name, body in json.loads(archive.read(folder + GATES)).items()}
        assert folder + "handler.py" in archive.namelist()
    assert gates[RULESET] == GATE
    assert (gates[KEPT].on_failure, gates[KEPT].rules) == ("keep", 2)
    assert rendered.one("aws_lambda_function")["handler"] == "modules.data_lake.functions.publish_table.handler.handle"


@pytest.mark.parametrize("user", [None, "customers"])
def test_the_gate_knows_every_run_that_the_pipelines_start(
    made: tuple[Rendered, dict[str, bytes]], user: str | None
) -> None:
    """By its ruleset, and by the link that the run reads, in an account of the domain's own and in a shared one."""
    with zipfile.ZipFile(io.BytesIO(made[1]["publish-customers.zip"])) as archive:
        gates = json.loads(archive.read(f"modules/data_lake/functions/publish_table/{GATES}"))
    judged = [plan for plan in table_plans(OWNER, "customers", lake("customers"), user) if plan.quality]
    assert {plan.ruleset for plan in judged} == set(gates)
    for plan in judged:
        gate = gates[plan.ruleset]
        assert (plan.database, plan.table) == (gate["database"], gate["table"])
        assert plan.link in gate["databases"]


def test_one_result_is_judged_at_a_time(made: tuple[Rendered, dict[str, bytes]]) -> None:
    """Who reads the last judgement and writes the next must be alone."""
    assert made[0].one("aws_lambda_function")["reserved_concurrent_executions"] == 1


def test_the_rule_hears_the_domains_account_and_rulesets_alone(made: tuple[Rendered, dict[str, bytes]]) -> None:
    """From the bus of the lake, and nothing that another domain reports."""
    rule = made[0].one("aws_cloudwatch_event_rule")
    assert rule["event_bus_name"] == "acme-org-lake-events"
    pattern = json.loads(rule["event_pattern"])
    assert pattern["account"] == [OWNER.account_id]
    prefix = pattern["detail"]["rulesetNames"][0]["prefix"]
    assert prefix == "acme-prod-customers--"
    assert RULESET.startswith(prefix)
    assert made[0].one("aws_lambda_permission")["source_arn"].startswith("${aws_cloudwatch_event_rule.")


def test_the_gate_can_set_no_tag_but_stage_on_tables_of_its_domain(made: tuple[Rendered, dict[str, bytes]]) -> None:
    """Lake Formation lets it use two values of one tag, and tag what carries the domain's."""
    found = list(made[0].all("aws_lakeformation_permissions").values())
    tag = next(each["lf_tag"] for each in found if "lf_tag" in each)
    assert tag == {"key": "stage", "values": ["draft", "published"]}
    policy = next(each["lf_tag_policy"] for each in found if "lf_tag_policy" in each)
    assert policy["resource_type"] == "TABLE"
    assert {"key": "domain", "values": ["customers"]} in policy["expression"]


def test_the_gate_can_neither_read_nor_grant(made: tuple[Rendered, dict[str, bytes]]) -> None:
    """Of the grant option that AWS wants of who tags, it can make no use: its policy denies it."""
    rules = made[0].policy("aws_iam_role_policy")
    assert rules["NeverReadOrGrant"]["Effect"] == "Deny"
    assert {"lakeformation:GetDataAccess", "lakeformation:GrantPermissions"} <= set(rules["NeverReadOrGrant"]["Action"])
    allowed = [action for rule in rules.values() if rule["Effect"] == "Allow" for action in _many(rule["Action"])]
    assert [action for action in allowed if action.startswith("lakeformation:")] == [
        "lakeformation:AddLFTagsToResource"
    ]
    assert rules["KeepJudgements"]["Resource"].endswith(":parameter/acme/lake/customers/*")


def test_the_owner_is_told_of_failed_rules_and_of_results_that_were_not_judged(
    made: tuple[Rendered, dict[str, bytes]],
) -> None:
    """Each way in which a table is not what its readers think has an alarm that mails the domain's owner."""
    rendered = made[0]
    watched = {each["metric_name"] for each in rendered.all("aws_cloudwatch_metric_alarm").values()}
    assert watched == {"RulesFailed", "Errors", "ApproximateNumberOfMessagesVisible", "FailedInvocations"}
    assert all(each["alarm_actions"] for each in rendered.all("aws_cloudwatch_metric_alarm").values())
    assert rendered.one("aws_sns_topic_subscription")["endpoint"] == "owner@acme.example"


def _many(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
