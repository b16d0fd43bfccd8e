"""What the functions and jobs of a data domain do with AWS, on good days and bad ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from modules.data_lake.functions.measure_pipelines.metrics import UnknownEventError, measure
from modules.data_lake.functions.start_quality_run.due import Judged, UnknownCauseError
from modules.data_lake.functions.start_quality_run.handler import start
from modules.data_lake.jobs.counts import Counts, TooManyRejectedError
from modules.data_lake.jobs.delivered_names import UnreadableDeliveryError, literal, plain_names
from modules.data_lake.jobs.partitions import Catalogue, partitions
from modules.data_lake.jobs.spec import TableSpec
from modules.data_lake.jobs.storage import S3Storage, is_data
from modules.data_lake.jobs.typed import faults, value

SPEC = TableSpec(
    domain="payments",
    product="cards",
    table="payment",
    format="csv",
    columns=(("id", "string"), ("amount", "decimal(8,2)"), ("day", "date")),
    key=("id",),
    partition_by=("day",),
    max_rejected=0.1,
    database="payments_cards",
    incoming="s3://raw/incoming/cards/payment/",
    raw="s3://raw/cards/payment/",
    quarantine="s3://raw/quarantine/cards/payment/",
    staging="s3://raw/staging/cards/payment/",
    target="s3://curated/cards/payment/",
)


class Client:
    """A client of boto3 that answers from `answers` and notes its calls."""

    def __init__(self, **answers: Any) -> None:
        self.answers, self.calls = answers, list[tuple[str, dict[str, Any]]]()

    def __getattr__(self, operation: str) -> Any:
        def call(**arguments: Any) -> Any:
            self.calls.append((operation, arguments))
            answer = self.answers.get(operation, {})
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call

    def get_paginator(self, operation: str) -> Any:
        """Pages of an operation: a list of answers."""
        client = self

        class Pages:
            def paginate(self, **arguments: Any) -> Any:
                client.calls.append((operation, arguments))
                return client.answers.get(operation, [])

        return Pages()

    def asked(self, operation: str) -> list[dict[str, Any]]:
        """The arguments of each call of an operation."""
        return [arguments for name, arguments in self.calls if name == operation]


TABLES = (
    Judged("acme-prod-payments--cards--payment", "payments_cards", "payment", "curate-payment"),
    Judged("acme-prod-payments--cards--spend", "payments_cards", "spend", None),
)


def _job(name: str = "curate-payment", state: str = "SUCCEEDED") -> dict[str, Any]:
    detail = {"jobName": name, "state": state, "jobRunId": "jr_1"}
    return {"detail-type": "Glue Job State Change", "id": "e1", "detail": detail}


def test_a_curated_table_is_judged_once() -> None:
    """By its ruleset, as the jobs' role; the same event twice has the same token, by which Glue starts one run."""
    glue = Client(start_data_quality_ruleset_evaluation_run={"RunId": "dq1"})
    assert start(glue, "arn:role", _job(), TABLES) == ["dq1"]
    start(glue, "arn:role", _job(), TABLES)
    first, second = glue.asked("start_data_quality_ruleset_evaluation_run")
    assert first == second
    assert first["DataSource"] == {"GlueTable": {"DatabaseName": "payments_cards", "TableName": "payment"}}
    assert (first["RulesetNames"], first["Role"]) == (["acme-prod-payments--cards--payment"], "arn:role")
    assert first["ClientToken"] == "jr_1-acme-prod-payments--cards--payment"


@pytest.mark.e2e  # reading the model of Glue takes a fifth of a second
def test_the_request_is_one_that_glue_takes() -> None:
    """botocore's model of Glue knows every field of the request."""
    from botocore.session import get_session
    from botocore.validate import ParamValidator

    glue = Client(start_data_quality_ruleset_evaluation_run={"RunId": "dq1"})
    start(glue, "arn:role", _job(), TABLES)
    model = get_session().get_service_model("glue").operation_model("StartDataQualityRulesetEvaluationRun")
    (request,) = glue.asked("start_data_quality_ruleset_evaluation_run")
    assert not ParamValidator().validate(request, model.input_shape).has_errors()


def test_tables_that_no_job_fills_are_judged_by_schedule() -> None:
    """Only these: the others are judged when they were curated."""
    glue = Client(start_data_quality_ruleset_evaluation_run={"RunId": "dq1"})
    start(glue, "arn:role", {"detail-type": "Scheduled Event", "id": "e7"}, TABLES)
    (asked,) = glue.asked("start_data_quality_ruleset_evaluation_run")
    assert asked["RulesetNames"] == ["acme-prod-payments--cards--spend"]


def test_a_table_without_rules_is_not_judged() -> None:
    """Its curate job succeeded, and that is all."""
    assert start(Client(), "arn:role", _job("curate-refund"), TABLES) == []


@pytest.mark.parametrize("event", [_job(state="FAILED"), {"detail-type": "Something", "detail": {}}, {}])
def test_an_event_that_causes_no_run_is_an_error(event: dict[str, Any]) -> None:
    """It ends as a dead letter and not in silence."""
    with pytest.raises(UnknownCauseError, match="no table is judged after"):
        start(Client(), "arn:role", event, TABLES)


def test_what_glue_refuses_is_raised() -> None:
    """So that Lambda tries again, and keeps the event at last."""
    glue = Client(start_data_quality_ruleset_evaluation_run=PermissionError("AccessDenied"))
    with pytest.raises(PermissionError):
        start(glue, "arn:role", _job(), TABLES)


NAMES = {"curate-payment": "cards.payment", "acme-prod-payments--cards--payment": "cards.payment"}


def _result(**more: Any) -> dict[str, Any]:
    detail = {"rulesetNames": ["acme-prod-payments--cards--payment"], "state": "SUCCEEDED", **more}
    return {"detail-type": "Data Quality Evaluation Results Available", "detail": detail}


@pytest.mark.parametrize(
    ("event", "metrics"),
    [
        (_job(), [("Curated", 1.0, "cards.payment")]),
        (_job("ingest-payment"), []),
        (_job(state="FAILED"), [("Failures", 1.0, None)]),
        (_job(state="TIMEOUT"), [("Failures", 1.0, None)]),
        ({"detail-type": "Glue Crawler State Change", "detail": {"state": "Failed"}}, [("Failures", 1.0, None)]),
        (_result(rulesSucceeded=3, rulesFailed=1, rulesSkipped=0), [("QualityScore", 0.75, "cards.payment")]),
        (_result(rulesSucceeded=1, rulesFailed=0, rulesSkipped=1), [("QualityScore", 0.5, "cards.payment")]),
        (_result(state="FAILED"), [("Failures", 1.0, None)]),
    ],
)
def test_what_became_of_a_run_is_counted(event: dict[str, Any], metrics: list[tuple[str, float, str | None]]) -> None:
    """A rule that was skipped did not pass; a run that judged nothing has failed."""
    found = [
        (each["MetricName"], each["Value"], {one["Name"]: one["Value"] for one in each["Dimensions"]}.get("Table"))
        for each in measure(event, "payments", NAMES)
    ]
    assert found == metrics


@pytest.mark.parametrize("event", [{"detail-type": "Other"}, _result(rulesetNames=["somebody-elses"])])
def test_an_event_of_somebody_else_is_not_counted(event: dict[str, Any]) -> None:
    """It is an error, as the rule should not have sent it."""
    with pytest.raises(UnknownEventError):
        measure(event, "payments", NAMES)


def test_partitions_are_made_and_taken_away_as_the_files_have_them() -> None:
    """What is missing is made with the table's own description; what has no files is taken away; others stay."""
    described = {"Location": "s3://curated/cards/payment/", "Columns": [{"Name": "id", "Type": "string"}]}
    glue = Client(
        get_partitions=[{"Partitions": [{"Values": ["2026-11-21"]}, {"Values": ["2026-11-22"]}]}],
        get_table={"Table": {"StorageDescriptor": described}},
    )
    files = [f"{SPEC.target}day=2026-11-{day}/part-0.parquet" for day in (22, 23)]
    Catalogue(glue, "333333333333").keep(SPEC, partitions(files, SPEC))
    table = {"CatalogId": "333333333333", "DatabaseName": "payments_cards", "TableName": "payment"}
    location = "s3://curated/cards/payment/day=2026-11-23/"
    new = {"Values": ["2026-11-23"], "StorageDescriptor": {**described, "Location": location}}
    assert glue.asked("batch_create_partition") == [{**table, "PartitionInputList": [new]}]
    assert glue.asked("batch_delete_partition") == [{**table, "PartitionsToDelete": [{"Values": ["2026-11-21"]}]}]


def test_partitions_that_are_right_are_left_alone() -> None:
    """A rerun asks what is there and changes nothing."""
    glue = Client(get_partitions=[{"Partitions": [{"Values": ["2026-11-22"]}]}])
    Catalogue(glue, "3").keep(SPEC, partitions([f"{SPEC.target}day=2026-11-22/a.parquet"], SPEC))
    assert [name for name, _ in glue.calls] == ["get_partitions"]


def test_many_partitions_are_made_in_requests_that_glue_takes() -> None:
    """At most 100 in one."""
    glue = Client(get_table={"Table": {"StorageDescriptor": {}}})
    files = [f"{SPEC.target}day={number}/a.parquet" for number in range(250)]
    Catalogue(glue, "3").keep(SPEC, partitions(files, SPEC))
    assert [len(each["PartitionInputList"]) for each in glue.asked("batch_create_partition")] == [100, 100, 50]


def test_a_partition_that_the_catalogue_refuses_fails_the_job() -> None:
    """Unless another run made it meanwhile."""
    error = {"PartitionValues": ["x"], "ErrorDetail": {"ErrorCode": "AccessDeniedException", "ErrorMessage": "no"}}
    glue = Client(get_table={"Table": {"StorageDescriptor": {}}}, batch_create_partition={"Errors": [error]})
    wanted = {("x",): f"{SPEC.target}day=x/"}
    with pytest.raises(OSError, match=r"payments_cards.payment, partition \['x'\].*AccessDenied"):
        Catalogue(glue, "3").keep(SPEC, wanted)
    error["ErrorDetail"] = {"ErrorCode": "AlreadyExistsException", "ErrorMessage": "there"}
    Catalogue(glue, "3").keep(SPEC, wanted)


def test_a_value_of_a_partition_may_hold_any_text() -> None:
    """Spark writes `/` and `:` as %2F and %3A; a file in no partition is an error."""
    found = partitions([f"{SPEC.target}day=a%2Fb%3A1/x.parquet"], SPEC)
    assert found == {("a/b:1",): f"{SPEC.target}day=a%2Fb%3A1/"}
    with pytest.raises(ValueError, match="lies in no partition by day"):
        partitions([f"{SPEC.target}x.parquet"], SPEC)


def test_the_inbox_holds_what_spark_reads() -> None:
    """Markers of folders, and files that Spark hides, are neither read nor taken away."""
    keys = ["in/", "in/a.csv", "in/sub/b#?.csv", "in/_tmp/c.csv", "in/.d.csv"]
    s3 = Client(list_objects_v2=[{"Contents": [{"Key": key} for key in keys]}, {}])
    assert S3Storage(s3).files("s3://raw/in/") == ["s3://raw/in/a.csv", "s3://raw/in/sub/b#?.csv"]
    assert not is_data("a/_b/c")


def test_files_are_deleted_in_requests_that_s3_takes() -> None:
    """At most 1,000 in one; what S3 could not delete is an error that names one of them."""
    s3 = Client()
    S3Storage(s3).delete([f"s3://raw/in/{number}" for number in range(1001)])
    assert [len(each["Delete"]["Objects"]) for each in s3.asked("delete_objects")] == [1000, 1]
    broken = Client(delete_objects={"Errors": [{"Key": "in/a", "Code": "AccessDenied"}]})
    with pytest.raises(OSError, match="1 files could not be deleted, first in/a: AccessDenied"):
        S3Storage(broken).delete(["s3://raw/in/a"])


def test_names_become_those_of_sql_or_are_refused() -> None:
    """Two that become one, and one that becomes none, would be mixed up in silence."""
    assert plain_names(["Customer ID", "_id", "Betrag (EUR)"], "a.csv") == ["customer_id", "id", "betrag_eur"]
    with pytest.raises(UnreadableDeliveryError, match=r"a.csv: two columns are called id"):
        plain_names(["ID", "id"], "a.csv")
    with pytest.raises(UnreadableDeliveryError, match=r"a.csv: the column '' has no letter"):
        plain_names(["id", ""], "a.csv")


def test_a_file_is_no_pattern() -> None:
    """What Spark would take as one is escaped."""
    assert literal("s3://raw/in/a [1]{b}*?.csv") == r"s3://raw/in/a \[1\]\{b\}\*\?.csv"


def test_the_limit_of_unfit_rows_is_a_share() -> None:
    """At the limit all is well; above it the error tells where the rows are and who can mend it."""
    Counts(10, 1).check(SPEC, "s3://q/")
    Counts(0, 0).check(SPEC, "s3://q/")
    with pytest.raises(TooManyRejectedError, match=r"cards.payment: 2 of 10 rows are unfit, more than 10.0%.*s3://q/"):
        Counts(10, 2).check(SPEC, "s3://q/")


def test_counts_are_metrics_of_the_table() -> None:
    """By domain and table, as alarms and dashboards look for them."""
    cloudwatch = Client()
    Counts(10, 2).tell(cloudwatch, SPEC, "Ingest")
    (asked,) = cloudwatch.asked("put_metric_data")
    assert asked["Namespace"] == "mlgov/DataLake"
    assert [(each["MetricName"], each["Value"]) for each in asked["MetricData"]] == [
        ("IngestRowsRead", 10.0),
        ("IngestRowsRejected", 2.0),
    ]


def test_a_table_is_told_to_its_job_and_back() -> None:
    """The file is the same text every time, and gives the same table."""
    assert TableSpec.from_json(SPEC.to_json()) == SPEC
    assert replace(SPEC).to_json() == SPEC.to_json()


def test_without_a_key_a_row_is_itself() -> None:
    """Then every distinct row is kept once; with one, other partitions are left alone only if it holds theirs."""
    assert replace(SPEC, key=()).identity == ("id", "amount", "day")
    assert replace(SPEC, key=()).by_partition
    assert not SPEC.by_partition


def test_a_cast_never_cuts_a_value_short() -> None:
    """Values that do not fit become NULL, which is told as a fault beside the row."""
    assert value("amount", "decimal(8,2)", ["amount"]) == "try_cast(`amount` as decimal(8,2))"
    assert value("amount", "decimal(8,2)", ["id"]) == "cast(NULL as decimal(8,2))"
    assert "'amount is no decimal(8,2)'" in faults(SPEC, ["id", "amount"])
    assert "'day was not delivered, and the partition needs it'" in faults(SPEC, ["id", "amount"])
