"""Findings that Security Hub takes: by botocore's model of the API, and by moto's Security Hub."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.validate import ParamValidator
from moto import mock_aws

from delivery.drift import asff
from delivery.drift.model import Difference
from delivery.review.model import AttributeChange, ChangeClass, Reason, Severity
from environments.vocabulary import TIERS
from tests.support.drifted import FIRST, LATER, result, stack

ACCOUNT = "222222222222"
SERVICE = botocore.session.get_session().get_service_model("securityhub")
IMPORT = SERVICE.operation_model("BatchImportFindings").input_shape


def drifted(address: str = "aws_s3_bucket.b", severity: Severity = "none", **fields: Any) -> Difference:
    return Difference(
        address=address,
        type="aws_s3_bucket",
        kind="drift",
        actions=("update",),
        severity=severity,
        since=FIRST,
        **fields,
    )


OPENED = drifted(
    arn="arn:aws:s3:::acme-logs",
    severity="high",
    reasons=(Reason(kind=ChangeClass.WIDENING, text="policy now allows s3:getobject to *", attribute="policy"),),
    attributes=(AttributeChange(path="policy", before="old-value", after="new-value"),),
)


def test_a_finding_is_what_the_api_takes() -> None:
    """Every required member is there, no unknown one, and each text within AWS's limits, however long the names are."""
    long = drifted("aws_s3_bucket.b" + "x" * 2000, attributes=OPENED.attributes * 200)
    batch = {"Findings": asff.findings(result(stack("s" * 80, drift=[OPENED, long])), ACCOUNT)}
    report = ParamValidator().validate(batch, IMPORT)
    assert not report.has_errors(), report.generate_report()
    known = IMPORT.members["Findings"].member.members
    for finding in batch["Findings"]:
        assert finding.keys() <= known.keys()
        assert len(finding["Id"]) <= 512
        assert len(finding["Title"]) <= 256
        assert len(finding["Description"]) <= 1024
        assert len(finding["Remediation"]["Recommendation"]["Text"]) <= 512
        assert all(len(value) <= 2048 for value in finding["ProductFields"].values())
        assert len(json.dumps(finding)) < 240_000 / 10


def test_a_finding_tells_whose_what_and_how_bad_it_is() -> None:
    """Account and product of who imports it, the resource's ARN and type, class, owner and both times; no value."""
    (finding,) = asff.findings(result(stack(drift=[OPENED])), ACCOUNT)
    assert finding["ProductArn"] == f"arn:aws:securityhub:eu-central-1:{ACCOUNT}:product/{ACCOUNT}/default"
    assert finding["AwsAccountId"] == ACCOUNT
    assert finding["Resources"][0]["Id"] == "arn:aws:s3:::acme-logs"
    assert finding["Resources"][0]["Type"] == "AwsS3Bucket"
    assert finding["Types"] == [asff.TYPE, "Effects/Data Exposure"]
    assert finding["Severity"] == finding["FindingProviderFields"]["Severity"] == {"Label": "HIGH"}
    assert (finding["CreatedAt"], finding["UpdatedAt"]) == ("2026-11-22T06:00:00Z", "2026-11-23T06:00:00Z")
    assert finding["ProductFields"]["mlgov/Owner"] == "platform@acme.example"
    assert "access-widening" in finding["Description"]
    assert "mlgov apply" in finding["Remediation"]["Recommendation"]["Text"]
    assert "new-value" not in json.dumps(finding)


@pytest.mark.parametrize("tier", TIERS)
def test_drift_is_at_least_as_bad_as_where_it_stands(tier: Any) -> None:
    """Drift that opens nothing is of medium weight where much hangs on it; what is worse stays so everywhere."""
    labels = [asff.label(stack(tier=tier), drifted(severity=severity)) for severity in ("none", "critical")]
    assert labels == ["LOW" if tier == "non-production" else "MEDIUM", "CRITICAL"]


def test_the_types_of_resources_are_those_of_the_format() -> None:
    """Each is a kind of `Details`, so that Security Hub knows it."""
    details = IMPORT.members["Findings"].member.members["Resources"].member.members["Details"].members
    assert set(asff.RESOURCE_TYPES.values()) <= details.keys()


def test_only_what_somebody_acts_on_is_a_finding() -> None:
    """Neither what the configuration is ahead of, nor what changed harmlessly where it says nothing."""
    ahead, noted = (drifted(kind).model_copy(update={"kind": kind}) for kind in ("ahead", "noted"))
    assert asff.findings(result(stack(drift=[ahead, noted])), ACCOUNT) == []


def test_what_has_ended_is_archived_under_its_own_id() -> None:
    """Security Hub gets it once more, as no longer so, and updates the finding it has instead of making another."""
    (active,) = asff.findings(result(stack(drift=[OPENED])), ACCOUNT)
    (ended,) = asff.findings(result(stack(ended=(OPENED,))), ACCOUNT)
    assert (ended["Id"], ended["RecordState"]) == (active["Id"], "ARCHIVED")


def test_a_hundred_findings_go_into_a_call(tmp_path: Path) -> None:
    """Each file is the input of one call; files of an earlier run go."""
    many = [drifted(f"aws_s3_bucket.b[{number}]") for number in range(201)]
    found = asff.findings(result(stack(drift=many)), ACCOUNT)
    assert len({each["Id"] for each in found}) == 201
    written = asff.write(found, tmp_path)
    sizes = [len(json.loads(path.read_text(encoding="utf-8"))["Findings"]) for path in written]
    assert sizes == [100, 100, 1]
    assert asff.write(found[:1], tmp_path) == sorted(tmp_path.iterdir()) == written[:1]
    assert asff.write([], tmp_path) == [*tmp_path.iterdir()] == []


@pytest.mark.e2e  # it imports moto's Security Hub
def test_security_hub_keeps_one_finding_over_its_life(monkeypatch: pytest.MonkeyPatch) -> None:
    """Imported twice and then ended, there is one finding, archived, first seen when it was first seen."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    runs = (
        result(stack(drift=[OPENED]), started=FIRST),
        result(stack(drift=[OPENED]), started=LATER),
        result(stack(ended=(OPENED,)), started=LATER),
    )
    with mock_aws():
        hub = boto3.client("securityhub", region_name="eu-central-1")
        hub.enable_security_hub()
        for run in runs:
            for batch in asff.batches(asff.findings(run, ACCOUNT)):
                answer = hub.batch_import_findings(**batch)
                assert (answer["SuccessCount"], answer["FailedCount"]) == (1, 0)
        (kept,) = hub.get_findings()["Findings"]
    assert (kept["RecordState"], kept["CreatedAt"]) == ("ARCHIVED", "2026-11-22T06:00:00Z")
