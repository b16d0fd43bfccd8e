"""Ingestion, upkeep, alarms and queries of the central feature store keep what their docstrings guarantee."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from constructs import Construct

from modules.core.assets import Archive
from modules.core.handshake import Edge
from modules.core.iam import policy_document
from modules.feature_store.contract import FeaturesContract
from modules.feature_store.edges import FEEDS
from modules.feature_store.functions.ingest_records.metrics import NAMESPACE, Tally
from modules.feature_store.functions.ingest_records.record import Group
from modules.feature_store.ingestion import Ingestion
from modules.feature_store.producer import Producer, key_statements, queue_statements, send_statements
from modules.feature_store.queries import Queries
from modules.feature_store.settings import FeatureStoreSettings
from tests.support.features import feature_group
from tests.support.rendering import NAMING, Rendered, TestStack, render, statements

KEYS = {"feature-online": "arn:aws:kms:eu-west-1:222222222222:key/on", "feature-offline": "arn:aws:kms:::key/off"}
ROLE = "arn:aws:iam::333333333333:role/acme-prod-fraud-pipeline"
EDGE = Edge(FEEDS, "team fraud in fraud-prod", "feature group card-velocity")
OWN = feature_group()
# Called like a construct that stands beside it.
OLD = feature_group(feature_group="events", owner="old@acme.example", offline=False, deprecated="use card-velocity")
GROUPS = (OWN, OLD)
FEATURES = FeaturesContract(database_names={"card-velocity": "store"}, table_names={"card-velocity": "card_velocity_1"})


@pytest.fixture(name="stack", scope="module")
def _stack() -> tuple[Rendered, TestStack]:
    held: list[TestStack] = []

    def build(scope: Construct) -> None:
        assert isinstance(scope, TestStack)
        held.append(scope)
        Ingestion(
            scope,
            "ingestion",
            naming=NAMING,
            settings=FeatureStoreSettings(),
            groups=GROUPS,
            features=FEATURES,
            producers=[Producer("card-velocity", "333333333333", (ROLE,), EDGE)],
            organization_id="o-acme",
            key_arns=KEYS,
            boundary_arn="arn:aws:iam::222222222222:policy/boundary",
            operators="ops@acme.example",
        )
        Queries(
            scope,
            "queries",
            naming=NAMING,
            groups=GROUPS,
            features=FEATURES,
            scan_limit_gb=10,
            keep_results_days=30,
            key_arn=KEYS["feature-offline"],
        )

    return render(build), held[0]


@pytest.fixture(name="rendered", scope="module")
def _rendered(stack: tuple[Rendered, TestStack]) -> Rendered:
    return stack[0]


def named(rendered: Rendered, kind: str, name: str, key: str = "name") -> dict[str, Any]:
    """The only resource of a type that has this name."""
    (found,) = [each for each in rendered.all(kind).values() if each[key] == name]
    return found


def role_policy(rendered: Rendered, what: str) -> dict[str, dict[str, Any]]:
    """The statements of the role `what`."""
    return statements(named(rendered, "aws_iam_role_policy", what)["policy"])


def alarm(rendered: Rendered, name: str) -> dict[str, Any]:
    """The alarm of this name."""
    return named(rendered, "aws_cloudwatch_metric_alarm", f"acme-dev-{name}", "alarm_name")


def test_a_queue_takes_messages_over_tls_of_named_roles_of_the_organisation(rendered: Rendered) -> None:
    """A producer is admitted as its account, under the exact role and the organisation; others are not mentioned."""
    policies = {name: statements(each["policy"]) for name, each in rendered.all("aws_sqs_queue_policy").items()}
    (own,) = [each for each in policies.values() if "ProducersSend" in each]
    sends = own["ProducersSend"]
    assert sends["Principal"] == {"AWS": "arn:aws:iam::333333333333:root"}
    assert sends["Condition"] == {
        "ArnEquals": {"aws:PrincipalArn": ROLE},
        "StringEquals": {"aws:PrincipalOrgID": "o-acme"},
    }
    assert sends["Action"] == "sqs:SendMessage"
    assert all(each["DenyInsecureTransport"]["Effect"] == "Deny" for each in policies.values())
    assert len(policies) == len(GROUPS) + 2


def test_what_a_producer_is_given_is_what_the_queue_and_the_key_admit(rendered: Rendered) -> None:
    """The statements of the role name the queue that there is, and the key by the alias that there is."""
    given = statements(policy_document(*send_statements(NAMING, ["card-velocity"])))
    queue = named(rendered, "aws_sqs_queue", "acme-dev-card-velocity-ingest")
    assert given["SendRecords"]["Resource"].endswith(f":{queue['name']}")
    alias = given["EncryptRecords"]["Condition"]["ForAnyValue:StringEquals"]["kms:ResourceAliases"]
    assert alias == rendered.one("aws_kms_alias")["name"]
    key = rendered.policy("aws_kms_key")["ProducersEncrypt"]
    assert key["Action"] == given["EncryptRecords"]["Action"]
    assert key["Condition"]["StringEquals"]["kms:ViaService"] == "sqs.eu-west-1.amazonaws.com"


def test_one_key_is_over_all_that_waits_and_is_opened_to_nobody_else(rendered: Rendered) -> None:
    """Queues, claims, logs and topics are under it; services use it for this account, producers through SQS."""
    policy = rendered.policy("aws_kms_key")
    opened = {sid for sid, each in policy.items() if "222222222222:root" not in json.dumps(each["Principal"])}
    assert opened == {"CloudWatchLogsOfThisAccount", "RulesSendEncrypted", "AlarmsTellEncrypted", "ProducersEncrypt"}
    for sid in ("RulesSendEncrypted", "AlarmsTellEncrypted"):
        assert policy[sid]["Condition"]["StringEquals"] == {"aws:SourceAccount": "222222222222"}
    (key,) = {each["kms_master_key_id"] for each in rendered.all("aws_sqs_queue").values()}
    assert key.startswith("${aws_kms_key.")
    assert {each["kms_master_key_id"] for each in rendered.all("aws_sns_topic").values()} == {key}
    assert {each["kms_key_id"] for each in rendered.all("aws_cloudwatch_log_group").values()} == {key}
    assert rendered.one("aws_dynamodb_table")["server_side_encryption"]["kms_key_arn"] == key


def test_both_sides_of_a_producer_are_rendered(stack: tuple[Rendered, TestStack]) -> None:
    """The queue's policy and the key's stand in this stack; the roles stand in the team's."""
    assert stack[1].sides == {(EDGE, "queue"), (EDGE, "key")}


def test_without_producers_nobody_outside_is_admitted() -> None:
    """Neither the queue's policy nor the key's says anything then."""
    assert queue_statements(NAMING, "card-velocity", [], "o-acme") == []
    assert key_statements(NAMING, [], "o-acme") == []


def test_a_message_is_hidden_for_longer_than_a_run_lasts_and_ends_in_its_own_dead_letter_queue(
    rendered: Rendered,
) -> None:
    """Six times the timeout, as AWS asks; the lease of a claim is over by then, and no run outlives its lease."""
    queue = named(rendered, "aws_sqs_queue", "acme-dev-card-velocity-ingest")
    function = named(rendered, "aws_lambda_function", "acme-dev-card-velocity-ingest", "function_name")
    assert queue["visibility_timeout_seconds"] == 6 * function["timeout"]
    assert int(function["environment"]["variables"]["LEASE_SECONDS"]) == function["timeout"]
    assert json.loads(queue["redrive_policy"])["maxReceiveCount"] == 5
    dead = named(rendered, "aws_sqs_queue", "acme-dev-card-velocity-ingest-dead-letters")
    assert dead["message_retention_seconds"] > queue["message_retention_seconds"]
    allowed = [
        json.loads(each["redrive_allow_policy"]) for each in rendered.all("aws_sqs_queue_redrive_allow_policy").values()
    ]
    assert all(each["redrivePermission"] == "byQueue" and len(each["sourceQueueArns"]) == 1 for each in allowed)


def test_only_what_failed_is_tried_again_and_concurrency_is_bounded_twice(rendered: Rendered) -> None:
    """The mapping reports single messages, and asks for no more runs than the function has reserved."""
    for mapping in rendered.all("aws_lambda_event_source_mapping").values():
        assert mapping["function_response_types"] == ["ReportBatchItemFailures"]
    most = {
        each["scaling_config"]["maximum_concurrency"]
        for each in rendered.all("aws_lambda_event_source_mapping").values()
    }
    reserved = {each["reserved_concurrent_executions"] for each in rendered.all("aws_lambda_function").values()}
    assert most == reserved == {10, 5, 2}


def test_the_role_of_a_group_reaches_that_group_alone(rendered: Rendered) -> None:
    """It puts records into one group, claims below its name, and reads no feature; the online key through SageMaker."""
    own = role_policy(rendered, "card-velocity-ingest")
    assert own["PutRecords"]["Action"] == "sagemaker:PutRecord"
    assert own["PutRecords"]["Resource"].endswith(":feature-group/acme-dev-card-velocity")
    claims = own["ClaimRecords"]
    assert claims["Condition"]["ForAllValues:StringLike"] == {"dynamodb:LeadingKeys": "acme-dev-card-velocity#*"}
    assert claims["Condition"]["Null"] == {"dynamodb:LeadingKeys": "false"}
    assert claims["Action"] == ["dynamodb:PutItem", "dynamodb:UpdateItem"]
    assert own["WorkOnOwnQueue"]["Resource"].endswith(":acme-dev-card-velocity-ingest")
    assert own["UseOnlineStore"]["Resource"] == KEYS["feature-online"]
    assert [sid for sid, each in own.items() if each["Resource"] == "*"] == ["Trace"]
    assert "UseOnlineStore" in role_policy(rendered, "events-ingest")


def test_files_and_schemas_are_read_and_nothing_of_the_store_is_deleted(rendered: Rendered) -> None:
    """Who splits files sees no feature group; who adds features sees no record, and neither can delete or write."""
    files, schemas = role_policy(rendered, "feature-files"), role_policy(rendered, "feature-schemas")
    assert files["ReadWhatAppears"]["Resource"] == "arn:aws:s3:::acme-dev-features/incoming/*"
    assert schemas["ReadWhatAppears"]["Resource"] == "arn:aws:s3:::acme-dev-features/schemas/*"
    assert len(schemas["AddFeatures"]["Resource"]) == len(GROUPS)
    for policy in (files, schemas):
        actions = {action for each in policy.values() for action in _many(each["Action"])}
        assert not {action for action in actions if "Delete" in action} - {"sqs:DeleteMessage"}
        assert not {"s3:PutObject", "sagemaker:PutRecord", "sagemaker:GetRecord"} & actions


def test_new_objects_are_announced_to_their_own_queue(rendered: Rendered) -> None:
    """The bucket tells EventBridge, and each queue of files hears of its own rules."""
    assert rendered.one("aws_s3_bucket_notification")["eventbridge"] is True
    for what, prefix in (("feature-files", "incoming/"), ("feature-schemas", "schemas/")):
        pattern = json.loads(named(rendered, "aws_cloudwatch_event_rule", f"acme-dev-{what}")["event_pattern"])
        assert pattern["detail"]["bucket"]["name"] == ["acme-dev-features"]
        assert pattern["detail"]["object"]["key"] == [{"prefix": prefix}]
    policies = [statements(each["policy"]) for each in rendered.all("aws_sqs_queue_policy").values()]
    heard = [
        {arn.rpartition("/")[2] for arn in _many(each["OwnRulesSend"]["Condition"]["ArnEquals"]["aws:SourceArn"])}
        for each in policies
        if "OwnRulesSend" in each
    ]
    assert sorted(heard, key=len) == [
        {"acme-dev-feature-files"},
        {"acme-dev-feature-schemas", "acme-dev-feature-schemas-again"},
    ]


def test_schemas_that_nobody_heard_of_are_looked_at_again(rendered: Rendered) -> None:
    """The first schemas are written before there is a rule: every six hours all of them are brought about."""
    rule = named(rendered, "aws_cloudwatch_event_rule", "acme-dev-feature-schemas-again")
    assert rule["schedule_expression"] == "rate(6 hours)"
    (target,) = [each for each in rendered.all("aws_cloudwatch_event_target").values() if "input" in each]
    assert json.loads(target["input"])["detail"]["object"]["key"] == "schemas/"
    listing = role_policy(rendered, "feature-schemas")["FindSchemas"]
    assert listing["Condition"] == {"StringLike": {"s3:prefix": "schemas/*"}}


def test_claims_are_encrypted_forgotten_and_kept_from_destruction(rendered: Rendered) -> None:
    """What is over DynamoDB deletes by itself."""
    table = rendered.one("aws_dynamodb_table")
    assert table["ttl"] == {"attribute_name": "expires_at", "enabled": True}
    assert table["server_side_encryption"]["enabled"] is True
    assert table["lifecycle"] == {"prevent_destroy": True}


def test_freshness_alarms_when_nothing_is_heard_and_counts_what_is_fresh_alone(rendered: Rendered) -> None:
    """The metric is the one that the function tells; a deprecated group promises none."""
    fresh = alarm(rendered, "card-velocity-freshness")
    assert (fresh["metric_name"], fresh["namespace"]) == ("Fresh", NAMESPACE)
    assert (fresh["period"], fresh["threshold"], fresh["treat_missing_data"]) == (3600, 1, "breaching")
    told = json.loads(next(iter(Tally().lines("acme-dev-card-velocity", 0))))
    assert fresh["metric_name"] in told
    assert fresh["dimensions"] == {"FeatureGroup": told["FeatureGroup"]}
    names = {each["alarm_name"] for each in rendered.all("aws_cloudwatch_metric_alarm").values()}
    assert "acme-dev-events-freshness" not in names
    assert "acme-dev-events-refused" in names


def test_cost_alarms_sum_what_the_online_store_consumes(rendered: Rendered) -> None:
    """By group and operation, as SageMaker counts, against what the group may consume in a minute."""
    writes = alarm(rendered, "card-velocity-writes")
    assert writes["threshold"] == 1200
    operations = {
        query["metric"]["dimensions"]["OperationName"] for query in writes["metric_query"] if query.get("metric")
    }
    assert operations == {"PutRecord", "DeleteRecord"}
    assert (writes["evaluation_periods"], writes["treat_missing_data"]) == (5, "notBreaching")
    assert alarm(rendered, "card-velocity-reads")["threshold"] == 6000


def test_every_alarm_tells_somebody_when_it_begins_and_ends(rendered: Rendered) -> None:
    """Each group's owner hears of the group; who runs the store hears of files and schemas."""
    for each in rendered.all("aws_cloudwatch_metric_alarm").values():
        assert each["alarm_actions"] == each["ok_actions"]
        assert len(each["alarm_actions"]) == 1
    mailboxes = {each["endpoint"] for each in rendered.all("aws_sns_topic_subscription").values()}
    assert mailboxes == {"lead@acme.example", "old@acme.example", "ops@acme.example"}
    watched = {
        each["alarm_name"]
        for each in rendered.all("aws_cloudwatch_metric_alarm").values()
        if "dead" in each["alarm_name"]
    }
    assert len(watched) == len(GROUPS) + 2


def test_each_offline_table_is_compacted_and_cleared_by_a_role_that_has_no_bucket(rendered: Rendered) -> None:
    """Glue reaches the tables through Lake Formation, by the tag of their groups, and grants nothing on."""
    optimizers = rendered.all("aws_glue_catalog_table_optimizer").values()
    assert sorted((each["table_name"], each["type"]) for each in optimizers) == [
        ("card_velocity_1", kind) for kind in ("compaction", "orphan_file_deletion", "retention")
    ]
    (retention,) = [each["configuration"][0] for each in optimizers if each["type"] == "retention"]
    kept = retention["retention_configuration"][0]["iceberg_configuration"][0]
    assert (kept["snapshot_retention_period_in_days"], kept["number_of_snapshots_to_retain"]) == (30, 5)
    trust = statements(named(rendered, "aws_iam_role", "acme-dev-feature-upkeep")["assume_role_policy"])
    assert trust["GlueOfThisAccount"]["Condition"] == {"StringEquals": {"aws:SourceAccount": "222222222222"}}
    policy = role_policy(rendered, "feature-upkeep")
    assert not any(action.startswith("s3:") for each in policy.values() for action in _many(each["Action"]))
    assert [sid for sid, each in policy.items() if each["Resource"] == "*"] == ["ReachData"]
    grants = rendered.all("aws_lakeformation_permissions").values()
    for grant in grants:
        assert "ALL" not in grant["permissions"]
        assert "permissions_with_grant_option" not in grant
    by_tag = {
        each["lf_tag_policy"]["resource_type"]: each["lf_tag_policy"]["expression"]
        for each in grants
        if "lf_tag_policy" in each
    }
    assert by_tag["TABLE"] == [{"key": "feature_group", "values": ["card-velocity"]}]


def test_queries_are_kept_for_each_group_with_an_offline_store(rendered: Rendered) -> None:
    """In a workgroup that decides where results go; a group without an offline store has none."""
    assert rendered.one("aws_athena_workgroup")["configuration"]["enforce_workgroup_configuration"] is True
    found = rendered.all("aws_athena_named_query").values()
    assert len(found) == 5
    assert all('"store"."card_velocity_1"' in each["query"] for each in found)


def test_what_is_to_be_checked_lies_in_the_archive_of_the_group(stack: tuple[Rendered, TestStack]) -> None:
    """The function reads there what its group's file says; another group has another archive."""
    assets = stack[1].assets
    archive = zipfile.ZipFile(io.BytesIO(assets["card-velocity-ingest.zip"]))
    text = archive.read("modules/feature_store/functions/ingest_records/group.json").decode()
    assert Group.of(text).features["payments"].maximum == 1000
    assert assets["card-velocity-ingest.zip"] != assets["events-ingest.zip"]


def test_a_generated_file_takes_the_place_of_no_source() -> None:
    """A clash would ship other code than what was reviewed."""
    folder = Path(__file__).parents[2] / "modules" / "feature_store" / "functions" / "evolve_group"
    with pytest.raises(ValueError, match=r"handler\.py"):
        Archive.of_package(folder, {"handler.py": b""})


@pytest.mark.e2e
@pytest.mark.parametrize("what", ["card-velocity-ingest", "feature-files", "feature-schemas"])
def test_an_archive_holds_all_that_its_handler_imports(
    stack: tuple[Rendered, TestStack], tmp_path: Path, what: str
) -> None:
    """Unpacked elsewhere, as Lambda does it, the handler is found, with nothing of this repository at hand."""
    rendered, held = stack
    zipfile.ZipFile(io.BytesIO(held.assets[f"{what}.zip"])).extractall(tmp_path)
    handler = named(rendered, "aws_lambda_function", f"acme-dev-{what}", "function_name")["handler"]
    module, _, name = handler.rpartition(".")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import {module} as m; print(m.{name}, m.__file__)"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert str(tmp_path) in done.stdout


def _many(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
