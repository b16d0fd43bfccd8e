"""An organisation of 19 accounts and 45 stacks as the report's inputs hold it: plain dicts."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest

from policies.report import html
from policies.report.model import ReportData
from tests.policies.report.browsing import browser, report, visit  # noqa: F401 - fixtures
from tests.policies.report.sample import collected

Json = dict[str, Any]

TODAY = date(2026, 11, 22)

UNITS = (
    ("security", "Security", None),
    ("security-prod", "Production", "security"),
    ("security-nonprod", "Non-production", "security"),
    ("infrastructure", "Infrastructure", None),
    ("infrastructure-prod", "Production", "infrastructure"),
    ("infrastructure-nonprod", "Non-production", "infrastructure"),
    ("workloads", "Workloads", None),
    ("ml", "ML", "workloads"),
    ("ml-prod", "Production", "ml"),
    ("ml-nonprod", "Non-production", "ml"),
    ("data", "Data", "workloads"),
    ("data-prod", "Production", "data"),
    ("data-nonprod", "Non-production", "data"),
    ("deployments", "Deployments", None),
    ("deployments-prod", "Production", "deployments"),
    ("deployments-nonprod", "Non-production", "deployments"),
    ("suspended", "Suspended", None),
)
# name, unit, environment, role, team, domain
ACCOUNTS = (
    ("management", None, "org", "management", None, None),
    ("log-archive", "security-prod", "org", "log-archive", None, None),
    ("security-tooling", "security-prod", "org", "security-tooling", None, None),
    ("network", "infrastructure-prod", "org", "network", None, None),
    ("shared-services", "infrastructure-prod", "org", "shared-services", None, None),
    ("data-governance", "data-prod", "org", "data-governance", None, None),
    ("customers", "data-prod", "prod", "data-domain", None, "customers"),
    ("payments", "data-prod", "prod", "data-domain", None, "payments"),
    ("feature-store", "ml-prod", "prod", "feature-store", None, None),
    ("ml-shared-services-test", "deployments-nonprod", "test", "ml-shared-services", None, None),
    ("ml-shared-services-prod", "deployments-prod", "prod", "ml-shared-services", None, None),
    ("observability-test", "infrastructure-nonprod", "test", "observability", None, None),
    ("observability-prod", "infrastructure-prod", "prod", "observability", None, None),
    *(
        (f"{team}-{env}", "ml-prod" if env == "prod" else "ml-nonprod", env, "ml-team", team, None)
        for team in ("fraud", "lending")
        for env in ("dev", "test", "prod")
    ),
)
# id, title, control, severity, resource address, construct path, message, remediation
POLICIES = (
    (
        "CKV_MLGOV_1",
        "Bucket policy denies insecure transport",
        "DATA-03",
        "HIGH",
        "aws_s3_bucket_policy.tls",
        "bucket/policy",
        "no statement denies aws:SecureTransport = false",
        "Create the bucket through the governed bucket primitive, which adds the statement.",
    ),
    (
        "CKV_MLGOV_2",
        "Customer-managed keys rotate and wait at least 14 days before deletion",
        "KMS-02",
        "HIGH",
        "aws_kms_key.state",
        "key",
        "deletion_window_in_days is 7",
        "Set the deletion window to 14 days or more.",
    ),
    (
        "CKV_MLGOV_7",
        "Log groups keep their events and are encrypted with a customer-managed key",
        "LOG-04",
        "MEDIUM",
        "aws_cloudwatch_log_group.baseline",
        "logs/group",
        "kms_key_id is not set",
        "Give the log group a key.",
    ),
    (
        "CKV_AWS_111",
        "Ensure IAM policies do not allow write access without constraints",
        "",
        "",
        "aws_iam_role_policy.apply",
        "access/apply",
        "",
        "",
    ),
    (
        "CKV_AWS_145",
        "Ensure that S3 buckets are encrypted with KMS by default",
        "DATA-02",
        "LOW",
        "aws_s3_bucket.assets",
        "assets/bucket",
        "",
        "",
    ),
    (
        "CKV2_AWS_62",
        "Ensure S3 buckets should have event notifications enabled",
        "",
        "LOW",
        "aws_s3_bucket.state",
        "state/bucket",
        "",
        "",
    ),
    *(
        (
            f"CKV_AWS_{300 + number}",
            f"Built-in rule number {number} of the scanner",
            "",
            "MEDIUM",
            f"aws_iam_role.role_{number}",
            f"roles/role-{number}",
            "",
            "",
        )
        for number in range(8)
    ),
)
TIERS = {"org": "foundation", "prod": "production", "test": "non-production", "dev": "non-production"}
MODULES = {
    "log-archive": "observability",
    "trail": "observability",
    "observability": "observability",
    "feature-store": "feature_store",
}
WAIVERS = (
    {
        "reason": "State buckets have no consumer of events.",
        "ticket": "PLAT-7",
        "owner": "platform-team",
        "approver": "security-board",
        "expires": "2026-12-09",
    },
    {
        "reason": "The apply role must manage every resource type of the platform; SCPs bound it. "
        "Reviewed with the security board.",
        "ticket": "SEC-12",
        "owner": "security-board",
        "approver": "risk-board",
        "expires": "2027-06-30",
    },
)


def _stacks() -> list[Json]:
    stacks: list[Json] = []

    def add(account: str, environment: str, name: str, depends_on: list[str]) -> None:
        number = len(stacks)
        id_ = f"{account}-{name}"
        stacks.append(
            {
                "id": id_,
                "stack": name,
                "module": MODULES.get(name, "foundations"),
                "account": account,
                "environment": environment,
                "region": "eu-west-1",
                "path": f"stacks/{id_}",
                "state_bucket": f"acme-{environment}-state",
                "state_key": f"{environment}/{account}/eu-west-1/{name}.tfstate",
                "tier": TIERS[environment],
                "owner": "platform@acme.example",
                "depends_on": depends_on,
                "resources": 8 + number * 7 % 31,
                "sha256": f"{number:064x}",
            }
        )

    add("management", "org", "bootstrap", [])
    add("management", "org", "organization", ["management-bootstrap"])
    for account, _, environment, *_ in ACCOUNTS:
        add(account, environment, "access", ["management-organization"])
    for account, _, environment, *_ in ACCOUNTS:
        add(account, environment, "baseline", ["management-organization", f"{account}-access"])
    add("log-archive", "org", "log-archive", ["log-archive-baseline", "log-archive-access"])
    add("management", "org", "trail", ["management-organization", "log-archive-log-archive"])
    for account in ("observability-test", "observability-prod"):
        add(account, account.partition("-")[2], "observability", ["log-archive-log-archive", f"{account}-baseline"])
    add("feature-store", "prod", "feature-store", ["feature-store-baseline", "observability-prod-observability"])
    return stacks


def _manifest() -> Json:
    return {
        "version": 1,
        "organization": {
            "name": "acme",
            "partition": "aws",
            "home_region": "eu-west-1",
            "management_account_id": "111111111111",
            "units": [{"key": key, "name": name, "parent": parent} for key, name, parent in UNITS],
            "accounts": [
                {
                    "name": name,
                    "id": "111111111111" if role == "management" else None,
                    "unit": unit,
                    "environment": environment,
                    "roles": [role],
                    "team": team,
                    "domain": domain,
                    "origins": [
                        f"teams/{team}.yaml:11 accounts.{environment}" if team else f"organization.yaml:9 {name}"
                    ],
                }
                for name, unit, environment, role, team, domain in ACCOUNTS
            ],
        },
        "stacks": _stacks(),
    }


def _record(stack: str, policy: tuple[str, ...], outcome: str, number: int) -> Json:
    name, title, control, severity, address, path, message, remediation = policy
    return {
        "stack": stack,
        "address": address,
        "path": f"{stack}/{path}",
        "policy": name,
        "control": control or None,
        "severity": severity or None,
        "title": title,
        "outcome": outcome,
        "message": "" if outcome == "passed" else message,
        "remediation": remediation or None,
        "line": 40 + 17 * number,
        "waiver": WAIVERS[name == "CKV_AWS_111"] if outcome == "waived" else None,
    }


def _verdict(manifest: Json) -> Json:
    findings = []
    for number, stack in enumerate(manifest["stacks"]):
        for place, policy in enumerate(POLICIES):
            waived = policy[0] in ("CKV_AWS_111", "CKV2_AWS_62") and stack["stack"] in ("bootstrap", "access")
            failed = stack["account"] in ("lending-dev", "payments") and place in (0, 1, 2) and number % 2 == 0
            findings.append(
                _record(stack["id"], policy, "waived" if waived else "failed" if failed else "passed", place)
            )
    stacks = {}
    for stack in manifest["stacks"]:
        outcomes = [finding["outcome"] for finding in findings if finding["stack"] == stack["id"]]
        counts = {outcome: outcomes.count(outcome) for outcome in ("passed", "failed", "waived", "unjudged")}
        stacks[stack["id"]] = {
            "sha256": stack["sha256"],
            "file": f"{stack['path']}/cdk.tf.json",
            "passed": not counts["failed"],
            "counts": counts,
            "valid_until": "2026-12-09" if counts["waived"] else None,
        }
    return {
        "version": 1,
        "passed": False,
        "valid_until": "2026-12-09",
        "checkov_version": "3.3.30",
        "policy_digest": "ab" * 32,
        "waivers_sha256": "cd" * 32,
        "due": [],
        "stacks": stacks,
        "findings": findings,
        "unjudged": [],
        "faults": [],
    }


def _run(manifest: Json, verb: str) -> Json:
    stacks = []
    for number, stack in enumerate(manifest["stacks"]):
        state = "applied" if verb == "apply" else "unchanged"
        failure: Json | None = None
        note = ""
        changes: Json | None = {
            "add": stack["resources"] if verb == "apply" else 0,
            "change": 0,
            "destroy": 0,
            "replace": 0,
        }
        if stack["id"] == "observability-prod-observability":
            state = "failed"
            failure = {
                "address": "aws_cloudwatch_log_group.platform",
                "summary": "creating CloudWatch Logs Log Group",
                "detail": "AccessDeniedException: the role may not use the key",
                "advice": "",
            }
        elif stack["id"] == "feature-store-feature-store":
            state, changes, note = "blocked", None, "blocked by observability-prod-observability"
        elif verb == "plan" and stack["id"] == "network-baseline":
            state, changes = "planned", {"add": 0, "change": 2, "destroy": 0, "replace": 0}
        stacks.append(
            {
                "id": stack["id"],
                "account": stack["account"],
                "environment": stack["environment"],
                "module": stack["module"],
                "status": state,
                "seconds": 0.0 if state == "blocked" else 3.0 + number % 11,
                "resources": stack["resources"],
                "changes": changes,
                "failure": failure,
                "note": note,
                "log": f".mlgov/acme/emulated/logs/{stack['id']}.log",
            }
        )
    started = "2026-11-22T09:00:00Z" if verb == "apply" else "2026-11-22T09:05:00Z"
    return {
        "version": 1,
        "verb": verb,
        "organization": "acme",
        "target": "emulated",
        "select": None,
        "started": started,
        "seconds": 180.5,
        "stacks": stacks,
    }


@pytest.fixture
def today() -> date:
    """The day that the report's days are counted from."""
    return TODAY


@pytest.fixture
def manifest() -> Json:
    """The content of `mlgov.json`."""
    return copy.deepcopy(_manifest())


@pytest.fixture
def verdict(manifest: Json) -> Json:
    """The content of `verdict.json`: some findings failed, some waived, no fault."""
    return copy.deepcopy(_verdict(manifest))


@pytest.fixture
def applied(manifest: Json) -> Json:
    """The content of `last-apply.json`: one stack failed and blocks another."""
    return _run(manifest, "apply")


@pytest.fixture
def planned(manifest: Json) -> Json:
    """The content of `last-plan.json`: one stack has drifted."""
    return _run(manifest, "plan")


@pytest.fixture(scope="session")
def data() -> ReportData:
    """The report's data of all of them; frozen, so that one is enough for all tests."""
    manifest = _manifest()
    return collected(manifest, _verdict(manifest), _run(manifest, "apply"), _run(manifest, "plan"), TODAY)


@pytest.fixture(scope="session")
def source(data: ReportData) -> str:
    """The page of that data."""
    return html.render(data)
