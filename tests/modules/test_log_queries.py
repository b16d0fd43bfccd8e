"""Logs are queried by whom they are meant for, and what people ask finds what is in the logs, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from constructs import Construct

from modules.core.handshake import Edge
from modules.core.iam import account_root
from modules.foundations.network.vpc_flow_logs import FIELDS
from modules.observability import platform_questions, security_questions
from modules.observability.contract import LogArchiveContract, TrailContract
from modules.observability.edges import QUERIES_LOGS
from modules.observability.log_archive import LogArchive
from modules.observability.log_queries import LogQueries
from modules.observability.log_reading import LogReader
from modules.observability.log_tables import Logged, Network, read_prefixes
from modules.observability.query_settings import LogQueriesSettings
from modules.observability.settings import LogArchiveSettings
from tests.support import log_samples as samples
from tests.support.projected_tables import ask, found_files, open_database
from tests.support.rendering import NAMING, Rendered, render, statements

pytestmark = pytest.mark.e2e  # DuckDB takes seconds to start and to answer

OBSERVABILITY = replace(NAMING, environment="prod", account="observability-prod", account_id="777777777777")
ARCHIVE = replace(NAMING, environment="org", account="log-archive", account_id="555555555555")
LOGS = LogArchiveContract(**LogArchiveContract.names(ARCHIVE), key_arn="arn:aws:kms:eu-west-1:555555555555:key/logs")
EDGE = Edge(QUERIES_LOGS, "observability-prod", "the log archive")
READER = "arn:aws:iam::777777777777:role/acme-prod-log-queries"
BUCKET = "arn:aws:s3:::acme-org-logs"
LOGGED = Logged(
    organization_id="o-ours",
    account_ids=("222222222222", "777777777777"),
    networked_ids=("222222222222",),
    hub_id="999999999999",
    networks=(Network("222222222222", "vpc-fraud"), Network("999999999999", "vpc-hub")),
    regions=("eu-central-1", "eu-west-1"),
    trail_regions=("eu-central-1", "eu-west-1", "us-east-1"),
    flow_fields=FIELDS,
)
Answers = Callable[[str], list[dict[str, Any]]]


def _render(*, governed: bool = False, trail: bool = True) -> Rendered:
    def build(scope: Construct) -> None:
        LogQueries(
            scope,
            "queries",
            naming=OBSERVABILITY,
            settings=LogQueriesSettings(scan_limit_gb=7),
            logs=LOGS,
            logged=LOGGED if trail else replace(LOGGED, trail_regions=()),
            home="eu-west-1",
            keep_days=400,
            known_domains=[".amazonaws.com", "*.acme.example", "pypi.org"],
            boundary_arn="arn:aws:iam::777777777777:policy/boundary",
            governed=governed,
            edge=None if governed else EDGE,
        )

    return render(build)


@pytest.fixture(name="queries", scope="module")
def _queries() -> Rendered:
    return _render()


@pytest.fixture(name="answers", scope="module")
def _answers(queries: Rendered, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """What a saved query finds in logs with known answers, by its name."""
    root = tmp_path_factory.mktemp("s3")
    _write(root / "acme-org-logs")
    connection = open_database("logs", queries.all("aws_glue_catalog_table"), root)
    saved = {body["name"]: body["query"] for body in queries.all("aws_athena_named_query").values()}
    return lambda name: ask(connection, saved[name])


def _write(root: Path) -> None:
    invoked = {"endpointName": "acme-prod-serving--card"}
    denied = {"errorCode": "AccessDenied", "errorMessage": "no identity-based policy allows it"}
    features = [{"featureGroupName": "card-velocity", "recordIdentifiersValueAsString": ["c"]}]
    root_user = {"type": "Root", "principalId": "222222222222", "arn": "arn:aws:iam::222222222222:root"}
    by_a_service = {"type": "Root", "invokedBy": "organizations.amazonaws.com"}
    records = [
        samples.event("cloudtrail", "StopLogging", requestParameters={"name": "acme-org-trail"}, **denied),
        samples.event("cloudtrail", "LookupEvents", readOnly=True),
        samples.event("iam", "ListUsers", userIdentity=root_user),
        samples.event("iam", "CreateServiceLinkedRole", userIdentity=by_a_service),
        samples.signed_in("IAMUser", mfa="No"),
        samples.signed_in("Root", mfa="Yes"),
        samples.event("kms", "ScheduleKeyDeletion", requestParameters={"keyId": "key-1", "pendingWindowInDays": 7}),
        samples.event("kms", "Decrypt", requestParameters={"keyId": "key-1"}),
        *[samples.event("sagemaker", "InvokeEndpoint", requestParameters=invoked, eventCategory="Data")] * 3,
        samples.event("sagemaker", "BatchGetRecord", requestParameters={"identifiers": features}, eventCategory="Data"),
        *[samples.event("s3", "GetObject", requestParameters={"bucketName": "acme-raw"}, eventCategory="Data")] * 2,
    ]
    today, before = samples.NOW, samples.NOW - timedelta(days=40)
    for moment in (today, before):  # what is older than a query looks back is not found
        day = moment.strftime("%Y/%m/%d")
        samples.write_trail(root, records, account="222222222222", region="eu-west-1", day=day)
    day = today.strftime("%Y/%m/%d")
    names = [
        samples.looked_up("sqs.eu-west-1.amazonaws.com."),
        samples.looked_up("pypi.org."),
        samples.looked_up("git.acme.example."),
        samples.looked_up("notpypi.org."),
        samples.looked_up("c2.evil.example.", firewall_rule_action="BLOCK", firewall_rule_group_id="rslvr-frg-1"),
    ]
    folder = root / f"AWSLogs/222222222222/vpcdnsquerylogs/vpc-fraud/{day}"
    samples.write_lines(folder / "vpc-fraud_vpcdnsquerylogs_222222222222_20261123T0000Z_1.log.gz", names)
    rejected = {"action": "REJECT", "dstport": 22, "packets": 4}
    outside = {"pkt_dstaddr": "203.0.113.9", "bytes": 2_000_000_000, "pkt_dst_aws_service": "S3"}
    samples.write_flows(root, samples.FLOW, [{}, rejected, rejected, outside])
    lost = {"packets_lost_blackhole": 8, "packets_lost_no_route": 1, "tgw_src_vpc_account_id": "222222222222"}
    samples.write_flows(root / "transit-gateways", samples.TRANSIT_FLOW, [{}, lost])
    folder = root / f"log-groups/account=222222222222/region=eu-west-1/day={today.strftime('%Y-%m-%d')}"
    lines = [
        samples.delivered("/aws/lambda/acme-prod-x", "fine", "ERROR no such table"),
        samples.delivered("/aws/lambda/acme-prod-x", "terrors are none", "Traceback (most recent call last)"),
        samples.delivered("/aws/sagemaker/studio", "all well"),
        samples.delivered("", "CWL CONTROL MESSAGE: Checking health of destination", kind="CONTROL_MESSAGE"),
    ]
    samples.write_lines(folder / "log-intake-1-2026.json.gz", lines)


def _only(found: list[dict[str, Any]], **expected: object) -> None:
    assert len(found) == 1, found
    assert {name: found[0][name] for name in expected} == expected


def test_who_stops_a_trail_is_found_though_it_was_refused(answers: Answers) -> None:
    """With the role behind the session, what it wanted to stop, and why it could not."""
    found = answers("security-auditor-who-silenced-logs")
    _only(found, eventname="StopLogging", principal=samples.ROLE, errorcode="AccessDenied", account="222222222222")
    assert json.loads(found[0]["requestparameters"]) == {"name": "acme-org-trail"}


def test_use_of_root_is_a_persons_not_a_services(answers: Answers) -> None:
    """What AWS does in the root user's name is left out; a sign-in as root is use of it."""
    found = answers("security-auditor-use-of-root")
    assert sorted(each["eventname"] for each in found) == ["ConsoleLogin", "ListUsers"]


def test_sign_ins_without_a_second_factor_are_found(answers: Answers) -> None:
    """Those of users; one with a second factor is not among them."""
    _only(answers("security-auditor-console-logins-without-mfa"), kind="IAMUser", outcome="Success")


def test_key_deletions_tell_how_long_they_can_be_undone(answers: Answers) -> None:
    """In days; use of the key is not among them."""
    _only(answers("security-auditor-key-deletions"), key="key-1", days_to_undo="7")


def test_callers_of_endpoints_and_readers_of_features_are_counted(answers: Answers) -> None:
    """By role, for single reads and those in batches."""
    invoked = answers("security-auditor-endpoint-invocations")
    _only(invoked, endpoint="acme-prod-serving--card", invocations=3, refused=0, principal=samples.ROLE)
    _only(answers("security-auditor-feature-reads"), feature_group="card-velocity", reads=1)


def test_names_outside_the_allowed_domains_are_found(answers: Answers) -> None:
    """A domain allows itself and what is below it, not what ends alike."""
    found = {each["query_name"] for each in answers("security-auditor-names-nobody-expects")}
    assert found == {"notpypi.org.", "c2.evil.example."}
    _only(answers("security-auditor-names-that-were-blocked"), query_name="c2.evil.example.", vpc_id="vpc-fraud")


def test_rejected_flows_are_told_by_account(answers: Answers) -> None:
    """With how many there were; accepted ones are not among them."""
    found = answers("cloud-administrator-rejected-flows")
    _only(found, account="222222222222", region="eu-west-1", dstport=22, flows=2, packets=8)


def test_flows_to_outside_leave_private_addresses_out(answers: Answers) -> None:
    """In 10^9 bytes, with the service of AWS that was reached."""
    _only(answers("cloud-administrator-flows-to-outside"), pkt_dst_aws_service="S3", gigabytes=2.0)


def test_packets_that_a_gateway_dropped_are_told_with_the_reason(answers: Answers) -> None:
    """Flows that lost nothing are left out."""
    _only(answers("cloud-administrator-packets-lost-between-networks"), blackhole=8, no_route=1, too_large=0)


def test_denials_and_data_events_are_counted(answers: Answers) -> None:
    """Denials by caller and call; data events by what they cost, in the unit that CloudTrail bills."""
    _only(answers("cloud-administrator-denied-calls"), eventname="StopLogging", denials=1)
    found = {each["resource"]: each["hundred_thousands"] for each in answers("cloud-administrator-cost-of-data-events")}
    assert found["acme-prod-serving--card"] == pytest.approx(3e-5)
    assert found["acme-raw"] == pytest.approx(2e-5)


def test_errors_and_volume_are_counted_by_log_group(answers: Answers) -> None:
    """An error is a word of its own; messages of CloudWatch Logs itself are no events."""
    _only(answers("cloud-administrator-errors-by-log-group"), loggroup="/aws/lambda/acme-prod-x", events=4, errors=2)
    volume = {each["loggroup"]: round(each["gigabytes"] * 1e9) for each in answers("cloud-administrator-log-volume")}
    assert volume["/aws/sagemaker/studio"] == len("all well")
    assert "" not in volume


def test_every_saved_query_has_an_answer_planted(queries: Rendered, answers: Answers) -> None:
    """None is kept that no sample of a log shows to find something."""
    names = {body["name"] for body in queries.all("aws_athena_named_query").values()}
    asked = (*platform_questions.ASKED, *security_questions.ASKED, security_questions.unexpected_names(()))
    assert names == {question.id for question in asked}
    assert all(answers(name) for name in names)


def test_files_elsewhere_are_not_logs(queries: Rendered, tmp_path: Path) -> None:
    """Of an account, region or network that is none of ours, or of before logs are kept, nothing is found."""
    old = (samples.NOW - timedelta(days=401)).strftime("%Y/%m/%d")
    day = samples.NOW.strftime("%Y/%m/%d")
    root = tmp_path / "acme-org-logs"
    for account, region, when in (
        ("333333333333", "eu-west-1", day),
        ("222222222222", "ap-south-1", day),
        ("222222222222", "eu-west-1", old),
        ("222222222222", "us-east-1", day),
    ):
        samples.write_trail(root, [samples.event("iam", "ListUsers")], account=account, region=region, day=when)
    samples.write_lines(root / f"AWSLogs/222222222222/vpcdnsquerylogs/vpc-hub/{day}/x.log.gz", [])
    tables = {table["name"]: table for table in queries.all("aws_glue_catalog_table").values()}
    assert [values for _, values in found_files(tables["trail"], tmp_path)] == [
        {"account": "222222222222", "region": "us-east-1", "day": day}
    ]
    assert not list(found_files(tables["name_queries"], tmp_path))


def test_tables_of_flows_have_the_fields_that_are_logged(queries: Rendered) -> None:
    """Each but the region, which the path tells; where the file has a short number, a long one may be read."""
    tables = {table["name"]: table for table in queries.all("aws_glue_catalog_table").values()}
    kinds = {"VARCHAR": ("string",), "INTEGER": ("int", "bigint"), "BIGINT": ("bigint",)}
    for name, shape in (("network_flows", samples.FLOW), ("transit_flows", samples.TRANSIT_FLOW)):
        columns = {column["name"]: column["type"] for column in tables[name]["storage_descriptor"]["columns"]}
        assert set(columns) == set(shape) - {"region"}
        assert all(kind in kinds[shape[column][0]] for column, kind in columns.items())


def test_only_the_personas_who_query_become_the_reader(queries: Rendered) -> None:
    """Roles of the account that match the patterns: what Identity Center makes for auditors and administrators."""
    (role,) = queries.all("aws_iam_role").values()
    statement = statements(role["assume_role_policy"])["PeopleWhoQuery"]
    assert statement["Principal"] == {"AWS": "arn:aws:iam::777777777777:root"}
    patterns = statement["Condition"]["ArnLike"]["aws:PrincipalArn"]
    assert [pattern.rpartition("mlgov-")[2] for pattern in patterns] == ["cloud-administrator_*", "security-auditor_*"]


def test_the_reader_reads_logs_and_writes_nothing_but_results(queries: Rendered) -> None:
    """Below the prefixes of the tables, by the archive's key through S3; results lie in a bucket of its own."""
    policy = statements(queries.one("aws_iam_role_policy")["policy"])
    prefixes = read_prefixes("o-ours")
    assert policy["ReadLogs"]["Resource"] == [f"{BUCKET}/{prefix}*" for prefix in prefixes]
    assert policy["ListLogs"]["Condition"]["StringLike"]["s3:prefix"] == [f"{prefix}*" for prefix in prefixes]
    assert policy["DecryptLogs"]["Resource"] == LOGS.key_arn
    written = [sid for sid, each in policy.items() if each["Effect"] == "Allow" and "s3:PutObject" in each["Action"]]
    assert [policy[sid]["Resource"] for sid in written] == ["arn:aws:s3:::acme-prod-log-queries/results/*"]
    limits = queries.one("aws_athena_workgroup")["configuration"]
    assert limits["bytes_scanned_cutoff_per_query"] == 7 * 10**9


def test_the_archive_admits_the_reader_to_these_prefixes_alone() -> None:
    """As its role, of the organisation, to read; the key through S3 only."""
    prefixes = read_prefixes("o-ours")
    archive = render(
        lambda scope: LogArchive(
            scope,
            "archive",
            naming=ARCHIVE,
            settings=LogArchiveSettings(),
            trail=TrailContract(**TrailContract.names(NAMING)),
            organization_id="o-ours",
            management_account_id="111111111111",
            intake_regions=["eu-west-1"],
            boundary_arn="arn:aws:iam::555555555555:policy/boundary",
            readers=[LogReader("Queries", EDGE, account_root("aws", "777777777777"), READER, prefixes)],
        )
    )
    policies = (statements(body["policy"]) for body in archive.all("aws_s3_bucket_policy").values())
    bucket = next(policy for policy in policies if "QueriesReads" in policy)
    as_role: Mapping[str, object] = {
        "StringEquals": {"aws:PrincipalOrgID": "o-ours"},
        "ArnEquals": {"aws:PrincipalArn": READER},
    }
    assert bucket["QueriesReads"]["Action"] == "s3:GetObject"
    assert bucket["QueriesReads"]["Resource"] == [f"{BUCKET}/{prefix}*" for prefix in prefixes]
    assert bucket["QueriesReads"]["Condition"] == as_role
    key = archive.policy("aws_kms_key")["QueriesDecrypts"]
    assert key["Action"] == "kms:Decrypt"
    assert key["Condition"]["StringEquals"]["kms:ViaService"] == "s3.eu-west-1.amazonaws.com"


def test_where_lake_formation_governs_the_reader_is_granted_these_tables_alone() -> None:
    """By name, to see and to read; elsewhere IAM alone decides, and nothing is granted."""
    granted = _render(governed=True).all("aws_lakeformation_permissions").values()
    assert sorted(tuple(grant["permissions"]) for grant in granted) == [("DESCRIBE",), *[("DESCRIBE", "SELECT")] * 5]


def test_a_trail_of_control_tower_has_no_table_and_no_queries() -> None:
    """It lies in a bucket that is not the archive; all other logs are queried as ever."""
    rendered = _render(trail=False)
    assert "trail" not in {table["name"] for table in rendered.all("aws_glue_catalog_table").values()}
    assert all('"logs"."trail"' not in query["query"] for query in rendered.all("aws_athena_named_query").values())
