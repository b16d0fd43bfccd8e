"""What Macie finds becomes a proposal: only upwards, once, and safe to read whatever a file's names are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError

from modules.core.lf_tags import SENSITIVITIES
from modules.core.naming import Naming
from modules.data_lake.declared import declared
from modules.data_lake.functions.propose_tags import proposal as proposals
from modules.data_lake.functions.propose_tags.finding import UnreadableFindingError, read
from modules.data_lake.functions.propose_tags.handler import Propose
from modules.data_lake.product_settings import Column, Product, Table
from modules.data_lake.settings import DomainLake

NAMING = Naming("acme", "prod", "data-customers", "777777777777", "aws", "eu-west-1")
RAW, CURATED = "acme-prod-customers-raw", "acme-prod-customers-curated"
LAKE = DomainLake(
    products={
        "profile": Product(
            description="Customers",
            sensitivity="internal",
            tables={
                "customer": Table(
                    description="Customers",
                    columns={
                        "customer_id": Column(type="string", description="Number"),
                        "e_mail": Column(type="string", description="Address", sensitivity="confidential"),
                        "iban": Column(type="string", description="Account", sensitivity="restricted"),
                    },
                )
            },
        )
    }
)
DECLARED: Mapping[str, Any] = json.loads(declared(NAMING, "customers", LAKE))
KEY = "profile/customer/ingest_date=2026-01-01/part-0.parquet"
HOSTILE = 'x"]\n  evil: { sensitivity: public } # ${aws_iam_role.admin.arn} %{ for } \u2028{{ a }}'


def _cells(*names: str) -> dict[str, Any]:
    return {"cells": [{"row": 1, "column": 1, "columnName": name} for name in names]}


def _paths(*paths: str) -> dict[str, Any]:
    return {"records": [{"recordIndex": 0, "jsonPath": path} for path in paths]}


def _found(
    occurrences: dict[str, Any] | None = None,
    *,
    kind: str = "NAME",
    category: str = "PERSONAL_INFORMATION",
    severity: str = "Medium",
    key: str = KEY,
    bucket: str = CURATED,
    id_: str = "f1",
) -> dict[str, Any]:
    """The detail of an event, as Macie publishes it."""
    detection = {"type": kind, "count": 3, "occurrences": occurrences or {}}
    return {
        "id": id_,
        "accountId": "777777777777",
        "createdAt": "2026-01-02T03:04:05Z",
        "severity": {"score": 2, "description": severity},
        "resourcesAffected": {"s3Bucket": {"name": bucket}, "s3Object": {"key": key}},
        "classificationDetails": {
            "result": {"sensitiveData": [{"category": category, "totalCount": 3, "detections": [detection]}]}
        },
    }


def _proposed(detail: Mapping[str, Any]) -> proposals.Proposal:
    return proposals.propose(read(detail), DECLARED)


def _merged(proposal: proposals.Proposal) -> Any:
    return yaml.safe_load(proposals.as_text(proposal))


def test_the_function_knows_the_sensitivities_of_the_vocabulary() -> None:
    """What the archive repeats of the vocabulary is the same: a fifth sensitivity would be forgotten here."""
    assert proposals.SENSITIVITIES == SENSITIVITIES


@pytest.mark.parametrize("zone_key", [KEY, "incoming/profile/customer/2026.csv"])
def test_an_object_belongs_to_the_table_of_its_prefix(zone_key: str) -> None:
    """Below `<product>/<table>/`, and below `incoming/`, an object is that table's."""
    assert _merged(_proposed(_found(_cells("customer_id"), key=zone_key))) == {
        "products": {"profile": {"tables": {"customer": {"columns": {"customer_id": {"sensitivity": "confidential"}}}}}}
    }


@pytest.mark.parametrize(
    "occurrences",
    [
        _cells("E-Mail"),
        _paths("$.e_mail"),
        _paths("$['E mail'][0].value"),
        _paths('$["e_mail"]'),
    ],
)
def test_a_column_is_known_however_the_file_tells_it(occurrences: dict[str, Any]) -> None:
    """Cells of a CSV and paths of Parquet, Avro and JSON lead to one column, in whatever case it is written."""
    assert _proposed(_found(occurrences, category="CREDENTIALS")).columns == {"e_mail": "restricted"}


def test_a_path_without_its_beginning_tells_no_column() -> None:
    """Macie cuts long paths off in front: what is left could be the name of another column."""
    assert _proposed(_found(_paths("['customer_id'].x"))).table == "confidential"


@pytest.mark.parametrize(
    ("category", "severity", "wanted"),
    [
        ("PERSONAL_INFORMATION", "Low", "confidential"),
        ("PERSONAL_INFORMATION", "High", "restricted"),
        ("CUSTOM_IDENTIFIER", "Medium", "confidential"),
        ("FINANCIAL_INFORMATION", "Low", "restricted"),
        ("CREDENTIALS", "Low", "restricted"),
        ("SOMETHING_NEW", "Low", "confidential"),
    ],
)
def test_kind_and_severity_say_how_sensitive_it_is(category: str, severity: str, wanted: str) -> None:
    """Credentials and money are restricted, people confidential, and what Macie calls high is restricted, too."""
    found = _proposed(_found(_cells("customer_id"), category=category, severity=severity))
    assert found.columns == {"customer_id": wanted}


def test_a_proposal_never_lowers() -> None:
    """What is declared as sensitive as the finding says, or more, is left alone; nobody is asked to look."""
    assert not _proposed(_found(_cells("e_mail", "iban"))).is_needed
    assert _proposed(_found(_cells("customer_id", "iban"))).columns == {"customer_id": "confidential"}


def test_the_highest_of_several_kinds_counts() -> None:
    """A column in which names and keys are found is as sensitive as the keys, in whichever order they are told."""
    first, second = _found(_cells("customer_id")), _found(_cells("customer_id"), kind="KEY", category="CREDENTIALS")
    groups = [each["classificationDetails"]["result"]["sensitiveData"][0] for each in (first, second)]
    for order in (groups, groups[::-1]):
        first["classificationDetails"]["result"]["sensitiveData"] = order
        assert _proposed(first).columns == {"customer_id": "restricted"}


def test_an_own_identifier_of_the_domain_counts() -> None:
    """What the domain told Macie to look for is proposed as confidential, under its name."""
    detail = _found()
    detail["classificationDetails"]["result"] = {
        "customDataIdentifiers": {"detections": [{"arn": "a", "name": "acme-number", "count": 7, **_occurring()}]}
    }
    found = _proposed(detail)
    assert found.columns == {"customer_id": "confidential"}
    assert '7 x "acme-number", in "customer_id"' in proposals.as_text(found)


def _occurring() -> dict[str, Any]:
    return {"occurrences": _cells("customer_id")}


def test_without_columns_it_is_about_the_table() -> None:
    """Where Macie tells lines alone, the table itself is proposed to be more sensitive."""
    found = _proposed(_found({"lineRanges": [{"start": 1, "end": 1}]}))
    assert _merged(found) == {"products": {"profile": {"tables": {"customer": {"sensitivity": "confidential"}}}}}


@pytest.mark.parametrize("key", ["secrets.txt", "profile/nobody/x", "../profile/customer/x", "", f"{HOSTILE}/x/y"])
def test_an_object_of_no_table_is_told_and_nothing_is_proposed(key: str) -> None:
    """Data where no product has a table has no tags to raise: the owner is told of it."""
    found = _proposed(_found(_cells("customer_id"), key=key))
    assert found.is_needed
    assert found.place == "customers"
    assert _merged(found) is None
    assert "No product of the domain has a table there" in proposals.as_text(found)


def test_hostile_names_never_become_yaml() -> None:
    """Names with signs of YAML and Terraform stay comments, and the patch says what was meant."""
    found = _proposed(_found(_cells(HOSTILE, "customer_id"), kind=HOSTILE, key=f"profile/customer/{HOSTILE}"))
    text = proposals.as_text(found)
    assert text.isascii()
    assert yaml.safe_load(text) == {
        "products": {"profile": {"tables": {"customer": {"columns": {"customer_id": {"sensitivity": "confidential"}}}}}}
    }
    assert all(line.startswith("#") for line in text.splitlines() if "evil" in line)
    assert json.loads(proposals.as_json(found))["undeclared_columns"] == [HOSTILE]


def test_a_message_stays_short_whatever_the_file_holds() -> None:
    """Of many undeclared columns the first fifty are told, and of a long name its beginning."""
    found = _proposed(_found(_cells(*(f"c{number:04}" for number in range(80)), "z" * 5000)))
    told = next(line for line in proposals.as_text(found).splitlines() if "does not declare" in line)
    assert told.count('"c0') == 50
    assert told.endswith("and 31 more.")
    longest = _proposed(_found(_cells("z" * 5000)))
    assert max(map(len, proposals.as_text(longest).splitlines())) < 300


@pytest.mark.parametrize(
    "spoil",
    [
        {"id": "../../told/x"},
        {"id": ""},
        {"resourcesAffected": None},
        {"classificationDetails": {}},
        {"severity": "High"},
    ],
)
def test_what_is_no_finding_is_refused(spoil: dict[str, Any]) -> None:
    """An event without the parts of a finding, or with an id that cannot name an object, ends in the queue."""
    with pytest.raises(UnreadableFindingError):
        read(_found() | spoil)


@dataclass
class Cloud:
    """S3 and SNS as far as the function uses them; `refuses` is the call that fails next."""

    objects: dict[str, bytes] = field(default_factory=dict)
    mails: list[dict[str, str]] = field(default_factory=list)
    refuses: str = ""

    def _call(self, name: str) -> None:
        if name == self.refuses:
            self.refuses = ""
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "KMS"}}, name)

    def head_object(self, **call: Any) -> None:
        """Whether it is there."""
        self._call("head_object")
        if call["Key"] not in self.objects:
            raise ClientError({"Error": {"Code": "404", "Message": "Not Found"}}, "HeadObject")

    def put_object(self, **call: Any) -> None:
        """Keep it."""
        self._call(f"put_object {call['Key'].partition('/')[0]}")
        self.objects[call["Key"]] = call["Body"]

    def publish(self, **call: Any) -> None:
        """Mail it."""
        self._call("publish")
        self.mails.append(call)


def _function(cloud: Cloud) -> Propose:
    return Propose(cloud, cloud, DECLARED, "777777777777", "kept", "arn:aws:sns:::topic")


def test_the_owner_is_told_once() -> None:
    """A finding that comes again, as events do, changes nothing and mails nobody."""
    cloud = Cloud()
    for _ in range(2):
        _function(cloud).finding(_found(_cells("customer_id")))
    assert set(cloud.objects) == {"proposals/f1.json", "proposals/f1.yaml", "told/f1"}
    (mail,) = cloud.mails
    assert mail["Subject"] == "Sensitive data in customers.profile.customer"
    assert cloud.objects["proposals/f1.yaml"].decode() in mail["Message"]


@pytest.mark.parametrize("call", ["head_object", "put_object proposals", "publish", "put_object told"])
def test_a_run_that_breaks_off_is_repeated_whole(call: str) -> None:
    """Whichever call AWS refuses, the run fails; the next one keeps the same bytes, and no mail is lost."""
    cloud, whole = Cloud(refuses=call), Cloud()
    with pytest.raises(ClientError):
        _function(cloud).finding(_found(_cells("customer_id")))
    for each in (cloud, whole):
        _function(each).finding(_found(_cells("customer_id")))
    assert cloud.objects == whole.objects
    assert len(cloud.mails) == (2 if call == "put_object told" else 1)


def test_nothing_is_kept_of_what_is_declared_already() -> None:
    """A finding that tells nothing new leaves no proposal, and mails nobody."""
    cloud = Cloud()
    _function(cloud).finding(_found(_cells("iban")))
    assert not cloud.objects
    assert not cloud.mails


@pytest.mark.parametrize(
    "spoil", [{"accountId": "111111111111"}, {"resourcesAffected": _found(bucket="x")["resourcesAffected"]}]
)
def test_findings_of_other_accounts_and_buckets_are_refused(spoil: dict[str, Any]) -> None:
    """A finding that is not of the account, or of no zone of the domain, ends in the queue, and is not told."""
    cloud = Cloud()
    with pytest.raises(UnreadableFindingError, match="is no zone of customers"):
        _function(cloud).finding(_found() | spoil)
    assert not cloud.objects


def test_a_mail_is_cut_where_sns_would_refuse_it() -> None:
    """However much a finding tells, the message fits; the kept proposal is whole."""
    cloud, detail = Cloud(), _found()
    names = [f"{number:03}{'x' * 190}" for number in range(50)]
    detection = detail["classificationDetails"]["result"]["sensitiveData"][0]["detections"][0]
    detection["occurrences"] = _cells(*names)
    detail["classificationDetails"]["result"]["sensitiveData"][0]["detections"] = [detection] * 30
    _function(cloud).finding(detail)
    assert len(cloud.objects["proposals/f1.yaml"]) > 262_144
    assert len(cloud.mails[0]["Message"]) == 100_000
