"""Drift as findings of Security Hub, in the AWS Security Finding Format (ASFF, schema 2018-10-08).

A finding of one's own has the ARN of the default product, and `BatchImportFindings` takes it only from the account that
`AwsAccountId` names (Security Hub API reference). So all are findings of one account, the delegated administrator of
Security Hub, which can see them anyway: an import needs one role there instead of one in every account. The resource's
ARN and the product fields say whose it is.

What providers must not change later, `Severity` and `Types`, is also given in `FindingProviderFields`, as AWS asks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from delivery.drift.model import Difference, DriftResult, StackDrift
from delivery.review.model import SEVERITIES, ChangeClass, Severity
from delivery.run_result import write_atomically
from environments.vocabulary import Tier

Finding = dict[str, Any]

SCHEMA = "2018-10-08"
# Limits of BatchImportFindings and of ASFF's fields (Security Hub user guide), lengths in characters.
MOST_PER_BATCH = 100
LONGEST_ID, LONGEST_TITLE, LONGEST_TEXT, LONGEST_ADVICE, LONGEST_FIELD = 512, 256, 1024, 512, 2048

LABELS: Mapping[Severity, str] = {
    "none": "INFORMATIONAL",
    "low": "LOW",
    "medium": "MEDIUM",
    "high": "HIGH",
    "critical": "CRITICAL",
}
# Drift that nothing makes worse is this bad for where it stands.
LEAST: Mapping[Tier, Severity] = {"foundation": "medium", "production": "medium", "non-production": "low"}
TYPE = "Software and Configuration Checks/AWS Security Best Practices"
EFFECTS = {ChangeClass.WIDENING: "Effects/Data Exposure", ChangeClass.DATA_LOSS: "Effects/Data Destruction"}
# Terraform's types whose ASFF type tells more than `Other`.
RESOURCE_TYPES = {
    "aws_athena_workgroup": "AwsAthenaWorkGroup",
    "aws_cloudtrail": "AwsCloudTrailTrail",
    "aws_cloudwatch_metric_alarm": "AwsCloudWatchAlarm",
    "aws_codebuild_project": "AwsCodeBuildProject",
    "aws_dynamodb_table": "AwsDynamoDbTable",
    "aws_ec2_transit_gateway": "AwsEc2TransitGateway",
    "aws_ecr_repository": "AwsEcrRepository",
    "aws_guardduty_detector": "AwsGuardDutyDetector",
    "aws_iam_policy": "AwsIamPolicy",
    "aws_iam_role": "AwsIamRole",
    "aws_kms_key": "AwsKmsKey",
    "aws_lambda_function": "AwsLambdaFunction",
    "aws_route_table": "AwsEc2RouteTable",
    "aws_s3_bucket": "AwsS3Bucket",
    "aws_security_group": "AwsEc2SecurityGroup",
    "aws_sfn_state_machine": "AwsStepFunctionStateMachine",
    "aws_sns_topic": "AwsSnsTopic",
    "aws_sqs_queue": "AwsSqsQueue",
    "aws_subnet": "AwsEc2Subnet",
    "aws_vpc": "AwsEc2Vpc",
}


def findings(result: DriftResult, account: str) -> list[Finding]:
    """A finding for each difference that somebody has to act on, and an archived one for each that has ended.

    `account` is the id of the account that imports them. The `Id` depends on organisation, stack and address alone, so
    that a later import updates the same finding.
    """
    found = []
    for stack in result.stacks:
        found += [_finding(result, stack, each, account, "ACTIVE") for each in stack.acted_on]
        found += [_finding(result, stack, each, account, "ARCHIVED") for each in stack.ended]
    return found


def batches(found: Sequence[Finding]) -> list[dict[str, list[Finding]]]:
    """The inputs of as many calls of BatchImportFindings as are needed.

    By the limits on texts a finding stays far below the 240 kB that AWS takes, and a batch below 6 MB.
    """
    starts = range(0, len(found), MOST_PER_BATCH)
    return [{"Findings": list(found[start : start + MOST_PER_BATCH])} for start in starts]


def write(found: Sequence[Finding], folder: Path) -> list[Path]:
    """Write `findings-001.json` and so on, each the input of one call; what an earlier run left there goes.

    `aws securityhub batch-import-findings --cli-input-json file://findings-001.json` takes one.
    """
    for stale in folder.glob("findings-*.json"):
        stale.unlink()
    written = []
    for number, batch in enumerate(batches(found), start=1):
        written.append(folder / f"findings-{number:03}.json")
        write_atomically(written[-1], json.dumps(batch, indent=2) + "\n")
    return written


def label(stack: StackDrift, difference: Difference) -> str:
    """How bad it is: by what it does, and at least by where it stands."""
    return LABELS[max(difference.severity, LEAST[stack.tier], key=SEVERITIES.index)]


def _finding(result: DriftResult, stack: StackDrift, each: Difference, account: str, state: str) -> Finding:
    severity = {"Label": label(stack, each)}
    types = [TYPE, *sorted({EFFECTS[reason.kind] for reason in each.reasons if reason.kind in EFFECTS})]
    product = f"arn:{result.partition}:securityhub:{result.home_region}:{account}:product/{account}/default"
    fields = {
        "mlgov/Organization": result.organization,
        "mlgov/Stack": stack.id,
        "mlgov/Account": stack.account,
        "mlgov/Environment": stack.environment,
        "mlgov/Tier": stack.tier,
        "mlgov/Owner": stack.owner,
        "mlgov/Address": each.address,
        "mlgov/Applied": stack.applied or "no record",
    }
    return {
        "SchemaVersion": SCHEMA,
        "Id": _id(result.organization, stack.id, each.address),
        "ProductArn": product,
        "GeneratorId": "mlgov-drift",
        "AwsAccountId": account,
        "Types": types,
        "FirstObservedAt": _time(each.since),
        **({"LastObservedAt": _time(stack.checked)} if state == "ACTIVE" else {}),
        "CreatedAt": _time(each.since),
        "UpdatedAt": _time(result.started),
        "Severity": severity,
        "FindingProviderFields": {"Severity": severity, "Types": types},
        "Title": _short(f"Drift of {each.address} in {stack.id}", LONGEST_TITLE),
        "Description": _short(" ".join(_sentences(stack, each)), LONGEST_TEXT),
        "Remediation": {"Recommendation": {"Text": _short(_advice(stack, each), LONGEST_ADVICE)}},
        "ProductFields": {key: _short(value, LONGEST_FIELD) for key, value in fields.items()},
        "Resources": [
            {
                "Type": RESOURCE_TYPES.get(each.type, "Other") if each.arn else "Other",
                "Id": each.arn or f"{stack.id}/{each.address}",
                "Partition": result.partition,
                "Region": stack.region,
            }
        ],
        "RecordState": state,
    }


def _sentences(stack: StackDrift, each: Difference) -> Iterator[str]:
    yield f"{each.address} ({each.type}) in account {stack.account} is not as stack {stack.id} says."
    yield from dict.fromkeys(f"{reason.kind}: {reason.text}." for reason in each.reasons)
    if each.attributes:
        more = f" and {each.more_attributes} more" if each.more_attributes else ""
        yield f"What differs: {', '.join(attribute.path for attribute in each.attributes)}{more}."
    yield f"Owner: {stack.owner}."


def _advice(stack: StackDrift, each: Difference) -> str:
    if each.kind == "noted":
        return (
            "No apply puts this back, as the configuration says nothing of it: undo it in AWS. The next apply takes "
            "it into the state as it is, and then it is seen no more."
        )
    only = f"--stack {stack.id}"
    return (
        f"To put it back: `mlgov plan --gate {only}`, `mlgov review {only}`, `mlgov apply --gate-plan {only}`. "
        "If the change is meant, write it into the YAML: the next apply then keeps it."
    )


def _id(organization: str, stack_id: str, address: str) -> str:
    """The same for the same resource, always; within ASFF's length however long an address is."""
    plain = f"mlgov/drift/{organization}/{stack_id}/{address}"
    if len(plain) <= LONGEST_ID:
        return plain
    return f"mlgov/drift/{organization}/{stack_id}/{hashlib.sha256(address.encode()).hexdigest()}"


def _time(when: str) -> str:
    """A time of ours (UTC, ISO 8601) with the `Z` that all readers of ASFF understand."""
    return when.replace("+00:00", "Z")


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
