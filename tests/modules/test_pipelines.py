"""The pipelines of a data domain keep what their docstrings guarantee."""

from __future__ import annotations

import json
import zipimport
from dataclasses import replace
from pathlib import Path
from typing import Any

import cdktf
import pytest

from modules.core.assets import Archive
from modules.core.handshake import Edge
from modules.core.settings import Strict
from modules.data_lake import names
from modules.data_lake.edges import PRODUCES, REPORTS
from modules.data_lake.job_code import JOBS
from modules.data_lake.jobs.spec import TableSpec
from modules.data_lake.pipelines import Pipelines
from modules.data_lake.product_settings import Column, Product, Quality, Source, Table
from modules.data_lake.settings import DomainLake, PipelineSettings
from modules.foundations.contract import AccessContract, BaselineContract
from modules.foundations.network.contract import SpokeContract
from tests.support.rendering import NAMING, Rendered, TestStack, statements

OWN = replace(NAMING, environment="prod", account="data-payments")
GOVERNANCE = replace(NAMING, environment="org", account="data-governance", account_id="333333333333")
PRODUCED, REPORTED = (
    Edge(PRODUCES, "domain payments", "data-governance"),
    Edge(REPORTS, "domain payments", "data-governance"),
)
KEYS = {name: f"arn:aws:kms:eu-west-1:222222222222:key/{name}" for name in ("account-logs", "messages")}
ID = Column(type="string", description="Number")


def _table(**more: Any) -> Table:
    return Table(description="Something", columns={"id": ID, "day": Column(type="date", description="Day")}, **more)


LAKE = DomainLake(
    products={
        "cards": Product(
            description="Payments",
            sensitivity="internal",
            tables={
                "card_payment": _table(
                    source=Source(format="csv"),
                    key=("id",),
                    quality=Quality(rules=('IsComplete "id"', "RowCount > 0"), minimum_score=0.9),
                ),
                "refund": _table(source=Source(format="json")),
                "spend": _table(quality=Quality(rules=('IsUnique "id"',))),
                "by_hand": _table(),
            },
        )
    },
    pipelines=PipelineSettings(schedule="cron(15 * * * ? *)", late_after_hours=3),
)


def _render(lake: DomainLake) -> tuple[Rendered, TestStack]:
    stack = TestStack(cdktf.Testing.app())
    Pipelines(
        stack,
        "pipelines",
        naming=OWN,
        domain="payments",
        email="payments@acme.example",
        settings=lake,
        governance=GOVERNANCE,
        user=None,
        data_key_arn="arn:aws:kms:eu-west-1:222222222222:key/data",
        baseline=BaselineContract(KEYS, "backup", "arn:backup", "arn:role"),
        network=SpokeContract("tgw", "vpc-1", ["subnet-1", "subnet-2"], "sg-1"),
        access=AccessContract(**AccessContract.names(OWN)),
        produces=PRODUCED,
        reports=REPORTED,
    )
    return Rendered(json.loads(cdktf.Testing.synth(stack))), stack


@pytest.fixture(name="both", scope="module")
def _both() -> tuple[Rendered, TestStack]:
    return _render(LAKE)


@pytest.fixture(name="lake", scope="module")
def _lake(both: tuple[Rendered, TestStack]) -> Rendered:
    return both[0]


@pytest.fixture(name="stack", scope="module")
def _stack(both: tuple[Rendered, TestStack]) -> TestStack:
    return both[1]


def _named(lake: Rendered, kind: str) -> dict[str, dict[str, Any]]:
    """Resources of a type by their name."""
    return {each.get("name") or each["alarm_name"]: each for each in lake.all(kind).values()}


def test_both_edges_have_their_sides_here(stack: TestStack) -> None:
    """The links and the rule of reports stand in this stack, and it says so."""
    assert stack.sides == {(PRODUCED, "links"), (REPORTED, "rule")}


def test_a_table_with_a_source_has_two_jobs(lake: Rendered) -> None:
    """Ingest and curate, and no other table has any."""
    assert sorted(_named(lake, "aws_glue_job")) == [
        "acme-prod-payments--cards--card-payment-curate",
        "acme-prod-payments--cards--card-payment-ingest",
        "acme-prod-payments--cards--refund-curate",
        "acme-prod-payments--cards--refund-ingest",
    ]


def test_a_job_runs_privately_and_encrypted_one_at_a_time(lake: Rendered) -> None:
    """Connection, security configuration, role, bounds and a log that is written as it goes."""
    job = _named(lake, "aws_glue_job")["acme-prod-payments--cards--refund-curate"]
    assert job["connections"] == [f"${{aws_glue_connection.{next(iter(lake.all('aws_glue_connection')))}.name}}"]
    assert job["security_configuration"].startswith("${aws_glue_security_configuration.")
    assert job["role_arn"] == "arn:aws:iam::222222222222:role/acme-prod-payments-job"
    assert (job["execution_property"], job["max_retries"], job["timeout"]) == ({"max_concurrent_runs": 1}, 1, 120)
    assert job["default_arguments"]["--enable-continuous-cloudwatch-log"] == "true"


def test_only_the_curate_job_has_a_bookmark(lake: Rendered) -> None:
    """The ingest job takes away what it read, and needs none."""
    options = {
        name.rpartition("-")[2]: job["default_arguments"]["--job-bookmark-option"]
        for name, job in _named(lake, "aws_glue_job").items()
    }
    assert options == {"curate": "job-bookmark-enable", "ingest": "job-bookmark-disable"}


def test_who_starts_a_job_cannot_change_its_code_or_its_table(lake: Rendered) -> None:
    """What it imports, works on and writes to are no arguments of a run."""
    job = _named(lake, "aws_glue_job")["acme-prod-payments--cards--refund-curate"]
    assert set(job["non_overridable_arguments"]) == {"--catalog_id", "--extra-py-files", "--spec"}
    assert job["non_overridable_arguments"]["--catalog_id"] == "333333333333"


def test_what_jobs_write_and_log_is_under_keys_of_ours(lake: Rendered) -> None:
    """S3 and bookmarks under the domain's key, logs under that of the account's logs."""
    encryption = lake.one("aws_glue_security_configuration")["encryption_configuration"]
    assert encryption == {
        "cloudwatch_encryption": {"cloudwatch_encryption_mode": "SSE-KMS", "kms_key_arn": KEYS["account-logs"]},
        "job_bookmarks_encryption": {
            "job_bookmarks_encryption_mode": "CSE-KMS",
            "kms_key_arn": "arn:aws:kms:eu-west-1:222222222222:key/data",
        },
        "s3_encryption": {
            "s3_encryption_mode": "SSE-KMS",
            "kms_key_arn": "arn:aws:kms:eu-west-1:222222222222:key/data",
        },
    }


def test_a_table_is_curated_whatever_becomes_of_the_others(lake: Rendered) -> None:
    """Its own ingest job starts its curate job; the schedule starts every ingest; the crawl waits for all."""
    triggers = _named(lake, "aws_glue_trigger")
    started = {name: len(each["actions"]) for name, each in triggers.items()}
    waited = {name: len(each.get("predicate", {}).get("conditions", ())) for name, each in triggers.items()}
    assert started == {
        "acme-prod-payments-start": 2,
        "acme-prod-payments--cards--card-payment-curate": 1,
        "acme-prod-payments--cards--refund-curate": 1,
        "acme-prod-payments-crawl": 1,
    }
    assert waited == {
        "acme-prod-payments-start": 0,
        "acme-prod-payments--cards--card-payment-curate": 1,
        "acme-prod-payments--cards--refund-curate": 1,
        "acme-prod-payments-crawl": 2,
    }
    assert triggers["acme-prod-payments-start"]["schedule"] == "cron(15 * * * ? *)"


def test_triggers_are_on_from_the_start_and_stay_so(lake: Rendered) -> None:
    """A trigger that is not started at creation shows as a change at every later plan."""
    assert all(each["enabled"] and each["start_on_creation"] for each in lake.all("aws_glue_trigger").values())


def test_the_crawler_reads_by_lake_formation_alone(lake: Rendered) -> None:
    """By credentials of the governance account's; a changed schema is entered, and nothing is dropped."""
    crawler = lake.one("aws_glue_crawler")
    assert crawler["lake_formation_configuration"] == {
        "account_id": "333333333333",
        "use_lake_formation_credentials": True,
    }
    assert crawler["schema_change_policy"] == {"delete_behavior": "LOG", "update_behavior": "UPDATE_IN_DATABASE"}
    assert [target["path"] for target in crawler["s3_target"]] == [
        "s3://acme-prod-payments-raw/cards/card_payment/",
        "s3://acme-prod-payments-raw/cards/refund/",
    ]


def test_rules_are_those_of_the_yaml(lake: Rendered) -> None:
    """One ruleset for each table with rules, on the link to the table, under the name that the publish gate knows."""
    rulesets = _named(lake, "aws_glue_data_quality_ruleset")
    assert set(rulesets) == {"acme-prod-payments--cards--card-payment", "acme-prod-payments--cards--spend"}
    payment = rulesets["acme-prod-payments--cards--card-payment"]
    assert payment["ruleset"] == 'Rules = [\n    IsComplete "id",\n    RowCount > 0\n]'
    assert payment["target_table"]["database_name"].startswith("${aws_glue_catalog_database.")
    assert payment["target_table"]["table_name"] == "card_payment"


def test_a_table_is_judged_when_it_was_curated_else_by_schedule(lake: Rendered) -> None:
    """A success of a curate job invokes the function, and so does the schedule, for tables without such a job."""
    rules = _named(lake, "aws_cloudwatch_event_rule")
    pattern = json.loads(rules["acme-prod-payments-curated"]["event_pattern"])
    assert pattern["detail"] == {"jobName": [{"wildcard": "acme-prod-payments--*-curate"}], "state": ["SUCCEEDED"]}
    assert rules["acme-prod-payments-judged"]["schedule_expression"] == "cron(15 * * * ? *)"


def test_the_function_starts_the_domain_s_rulesets_as_the_jobs_role_alone(lake: Rendered) -> None:
    """No other domain's, and no other role is passed, to no other service."""
    policy = statements(
        next(v for k, v in lake.all("aws_iam_role_policy").items() if "quality_function" in k)["policy"]
    )
    own = "arn:aws:glue:eu-west-1:222222222222:dataQualityRuleset/acme-prod-payments--*"
    assert policy["StartRuns"]["Resource"] == own
    assert policy["AsTheJobsRole"]["Resource"] == "arn:aws:iam::222222222222:role/acme-prod-payments-job"
    assert policy["AsTheJobsRole"]["Condition"] == {"StringEquals": {"iam:PassedToService": "glue.amazonaws.com"}}


def test_only_its_rule_invokes_a_function(lake: Rendered) -> None:
    """EventBridge may, for this very rule; nobody else is let."""
    for permission in lake.all("aws_lambda_permission").values():
        assert permission["principal"] == "events.amazonaws.com"
        assert permission["source_arn"].startswith("${aws_cloudwatch_event_rule.")


def test_logs_are_kept_for_a_year(lake: Rendered) -> None:
    """Those of jobs and of functions, under the key of the account's logs."""
    groups = lake.all("aws_cloudwatch_log_group").values()
    assert {(group["retention_in_days"], group["kms_key_id"]) for group in groups} == {(365, KEYS["account-logs"])}
    assert "/aws-glue/acme-prod-payments" in {group["name"] for group in groups}


def test_results_reach_the_governance_bus_and_nothing_else_does(lake: Rendered) -> None:
    """Those of the domain's rulesets, by a role that this very rule alone becomes; the rest waits in a queue."""
    rule = _named(lake, "aws_cloudwatch_event_rule")["acme-prod-payments-reporter"]
    assert json.loads(rule["event_pattern"])["detail"] == {"rulesetNames": [{"prefix": "acme-prod-payments--"}]}
    target = next(each for each in lake.all("aws_cloudwatch_event_target").values() if "role_arn" in each)
    assert target["arn"] == "arn:aws:events:eu-west-1:333333333333:event-bus/acme-org-lake-events"
    assert target["dead_letter_config"]["arn"].startswith("${aws_sqs_queue.")
    role = next(each for each in lake.all("aws_iam_role").values() if each["name"] == "acme-prod-payments-reporter")
    assert statements(role["assume_role_policy"])["ThisRule"]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "222222222222"},
        "ArnEquals": {"aws:SourceArn": "arn:aws:events:eu-west-1:222222222222:rule/acme-prod-payments-reporter"},
    }


def test_the_owner_is_told_of_failures_scores_and_silence(lake: Rendered) -> None:
    """An alarm for each table's score and freshness, for failures, and for events that nobody could work on."""
    alarms = _named(lake, "aws_cloudwatch_metric_alarm")
    assert {name.removeprefix("acme-prod-payments-") for name in alarms} == {
        "failures",
        "measure-dead-letters",
        "quality-dead-letters",
        "reporter-dead-letters",
        "cards--card-payment-score",
        "cards--card-payment-late",
        "cards--refund-late",
        "cards--spend-score",
        "cards--spend-late",
    }
    score = alarms["acme-prod-payments-cards--card-payment-score"]
    assert (score["comparison_operator"], score["threshold"], score["treat_missing_data"]) == (
        "LessThanThreshold",
        0.9,
        "ignore",
    )
    assert all(alarm["alarm_actions"] == alarm["ok_actions"] for alarm in alarms.values())
    assert lake.one("aws_sns_topic_subscription")["endpoint"] == "payments@acme.example"


def test_silence_is_an_alarm(lake: Rendered) -> None:
    """A table that is not renewed in time alarms, whatever the reason: no data breaches."""
    late = _named(lake, "aws_cloudwatch_metric_alarm")["acme-prod-payments-cards--refund-late"]
    assert (late["metric_name"], late["period"], late["evaluation_periods"]) == ("Curated", 3600, 3)
    assert (late["treat_missing_data"], late["threshold"]) == ("breaching", 1)


def test_code_is_found_in_the_zip_and_is_the_same_every_time(stack: TestStack, tmp_path: Path) -> None:
    """Python imports the jobs from the archive as Glue does, and a second build gives the same bytes."""
    archive = tmp_path / "packages.zip"
    archive.write_bytes(stack.assets["packages.zip"])
    assert zipimport.zipimporter(str(archive)).find_spec("modules") is not None
    assert zipimport.zipimporter(f"{archive}/modules/data_lake/jobs").find_spec("curate") is not None
    assert Archive.of_package(JOBS).content == stack.assets["packages.zip"]


def test_only_terraform_changes_what_jobs_run(lake: Rendered) -> None:
    """Objects of the code bucket are written by the apply role alone; its configuration can always be mended."""
    denied = lake.policy("aws_s3_bucket_policy")["OnlyTerraformWrites"]
    assert (denied["Effect"], denied["Principal"]) == ("Deny", "*")
    assert denied["Action"] == ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject"]
    assert denied["Resource"] == "arn:aws:s3:::acme-prod-payments-code/*"
    role = "arn:aws:iam::222222222222:role/acme-prod-mlgov-apply"
    assert denied["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": role}}


def test_a_job_reads_of_its_table_what_the_yaml_says(stack: TestStack) -> None:
    """The file beside the code holds columns, key and folders; nobody else's table."""
    spec = TableSpec.from_json(stack.assets["specs-cards.card_payment.json"].decode())
    assert (spec.columns, spec.key, spec.format) == ((("id", "string"), ("day", "date")), ("id",), "csv")
    assert spec.incoming == "s3://acme-prod-payments-raw/incoming/cards/card_payment/"
    assert spec.target == "s3://acme-prod-payments-curated/cards/card_payment/"


def test_a_domain_that_feeds_itself_has_no_jobs() -> None:
    """Without a source there is nothing to run: links, the report and its queue remain."""
    product = Product(description="Spend", sensitivity="internal", tables={"spend": _table()})
    lake, _ = _render(DomainLake(products={"cards": product}))
    assert lake.all("aws_glue_job") == {}
    assert lake.all("aws_glue_workflow") == {}
    assert len(lake.all("aws_glue_catalog_database")) == 2


def _said(build: type[Strict], **fields: Any) -> str:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the words are what is tested
        build(**fields)
    return str(caught.value)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ('IsComplet "id"', "IsComplet is none: did you mean IsComplete?"),
        ("Zzz > 1", "Zzz is none: known are ColumnCorrelation"),
        ('ReferentialIntegrity "id" "other.id" = 1', "must judge the table alone"),
        ('IsComplete "id', "must close its double quotes"),
    ],
)
def test_a_rule_that_aws_would_refuse_is_an_error_here(rule: str, words: str) -> None:
    """The error says which rule types there are, or which was meant."""
    assert words in _said(Quality, rules=(rule,))


def test_a_rule_names_columns_of_its_table() -> None:
    """A column that is not there is told before Glue fails on it; text in a condition is no column."""
    columns = {"id": ID}
    words = _said(Table, description="x", columns=columns, quality=Quality(rules=('IsPrimaryKey "id" "dya"',)))
    assert "must name its own columns only, and names dya" in words
    Table(description="x", columns=columns, quality=Quality(rules=('ColumnValues "id" in ["a", "b"]',)))


def test_no_two_tables_are_called_alike() -> None:
    """Not even where product and table meet elsewhere; a rule of events hears of no domain with a longer name."""
    called = {names.of_table("payments", *each) for each in (("a_b", "c"), ("a", "b_c"), ("a", "b"))}
    assert called == {"payments--a-b--c", "payments--a--b-c", "payments--a--b"}
    longer = names.ruleset(OWN, "payments-eu", "a", "b")
    assert longer == "acme-prod-payments-eu--a--b"
    assert not longer.startswith(names.rulesets(OWN, "payments"))
