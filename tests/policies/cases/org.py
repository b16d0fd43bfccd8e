"""Cases of the controls of the organisation."""

from __future__ import annotations

import json

from tests.policies.cases import LATER, UNKNOWN, Case
from tests.policies.support import ACCOUNT, OTHER, policy

DENY = {"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}
TYPES = ["AISERVICES_OPT_OUT_POLICY", "RESOURCE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY", "TAG_POLICY"]
NONE = "@@operators_allowed_for_child_policies"
SOMEWHERE = "ou-abcd-12345678"
RECORDER = {"name": "r", "role_arn": f"arn:aws:iam::{ACCOUNT}:role/config"}
DELIVERY = {"name": "d", "s3_bucket_name": "acme-org-config"}
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/00000000-0000-0000-0000-000000000001"
FEATURES = ("EBS_MALWARE_PROTECTION", "LAMBDA_NETWORK_LOGS", "RUNTIME_MONITORING", "S3_DATA_EVENTS")
STANDARDS = [
    f"arn:aws:securityhub:eu-west-1::standards/{name}/v/1.0.0"
    for name in ("aws-foundational-security-best-practices", "ai-security-best-practices")
]
ARCHIVE = {"alone": "archive", "tags": {"Organization": "acme"}}


def _policy(content: object, type_: str | None = None) -> dict[str, str]:
    text = content if isinstance(content, str) else json.dumps(content)
    return {"name": "policy", "content": text, **({"type": type_} if type_ else {})}


def _resource_policy(**more: object) -> dict[str, str]:
    return _policy(policy({**DENY, "Principal": "*", **more}), "RESOURCE_CONTROL_POLICY")


def _opt_out(default: str, **services: str) -> dict[str, str]:
    def choice(value: str) -> dict[str, object]:
        return {"opt_out_policy": {"@@assign": value, NONE: ["@@none"]}}

    found = {"default": choice(default), **{name: choice(value) for name, value in services.items()}}
    return _policy({"services": found}, "AISERVICES_OPT_OUT_POLICY")


def _features(detector: str, *names: str, state: str = "ALL") -> dict[str, dict[str, str]]:
    return {
        f"aws_guardduty_organization_configuration_feature.{detector}_{name.lower()}": {
            "detector_id": detector,
            "name": name,
            "auto_enable": state,
        }
        for name in names
    }


def _members(detector: str, state: str = "ALL") -> dict[str, str]:
    return {"detector_id": detector, "auto_enable_organization_members": state}


def _standards(*arns: str, enabled: bool = True) -> dict[str, object]:
    controls = {"disabled_control_identifiers": []}
    inner = {"service_enabled": enabled, "enabled_standard_arns": arns, "security_controls_configuration": controls}
    return {"name": "policy", "configuration_policy": inner}


def _copied(to: str, deletions: str = "Disabled") -> dict[str, object]:
    rule = {
        "id": "everything",
        "priority": 0,
        "status": "Enabled",
        "filter": {"prefix": ""},
        "delete_marker_replication": {"status": deletions},
        "destination": {"bucket": f"arn:aws:s3:::{to}"},
    }
    return {"bucket": "acme-org-logs", "role": "arn:aws:iam::111111111111:role/copies", "rule": [rule]}


CASES = [
    Case(
        "CKV_MLGOV_330",
        "aws_organizations_policy",
        passes={
            "service": _policy(policy(DENY)),
            "resource": _resource_policy(),
            # Longer as written than AWS allows, and shorter once the ids are known.
            "learned": _policy(policy(*[{**DENY, "Resource": UNKNOWN + "x" * 900}] * 10)),
        },
        fails={
            "allows": (_policy(policy(DENY, {**DENY, "Effect": "Allow"})), "allows; a guardrail only denies"),
            "empty": (_policy(policy()), "content has no statement"),
            "long": (_policy(policy({**DENY, "Resource": "x" * 10_240})), "characters, and AWS takes 10240"),
            "bare": (_policy(policy({"Effect": "Deny", "Resource": "*"})), "has no action or no resource"),
            "everything": (_resource_policy(Action="*"), "names no service"),
            "somebody": (_resource_policy(Principal={"AWS": OTHER}), "a Principal other than *"),
            "unknown": (_policy(UNKNOWN), "not provable at synthesis"),
        },
        ignores={"tags": _policy({"tags": {}}, "TAG_POLICY")},
        beside=LATER,
    ),
    Case(
        "CKV_MLGOV_331",
        "aws_organizations_policy",
        passes={"attached": _policy(policy(DENY))},
        fails={"loose": (_policy(policy(DENY)), "no aws_organizations_policy_attachment")},
        beside={
            "aws_organizations_policy_attachment.attachment": {
                "policy_id": "${aws_organizations_policy.@attached.id}",
                "target_id": SOMEWHERE,
            }
        },
    ),
    Case(
        "CKV_MLGOV_332",
        "aws_organizations_organization",
        passes={"all": {"enabled_policy_types": TYPES}},
        fails={
            "billing": ({"feature_set": "CONSOLIDATED_BILLING", "enabled_policy_types": TYPES}, "not ALL"),
            "types": ({"feature_set": "ALL", "enabled_policy_types": TYPES[:3]}, "lacks TAG_POLICY"),
            "none": ({}, "lacks SERVICE_CONTROL_POLICY"),
        },
    ),
    Case(
        "CKV_MLGOV_333",
        "aws_organizations_policy",
        passes={"out": _opt_out("optOut", rekognition="optOut")},
        fails={
            "in": (_opt_out("optIn"), "services.default is optIn"),
            "one_in": (_opt_out("optOut", rekognition="optIn"), "services.rekognition is optIn"),
            "children": (
                _policy(
                    {"services": {"default": {"opt_out_policy": {"@@assign": "optOut"}}}}, "AISERVICES_OPT_OUT_POLICY"
                ),
                "of the default is not @@none",
            ),
            "empty": (_policy({"services": {}}, "AISERVICES_OPT_OUT_POLICY"), "services.default is not set"),
        },
        ignores={"guardrail": _policy(policy(DENY))},
    ),
    Case(
        "CKV_MLGOV_334",
        "aws_organizations_policy",
        passes={"tags": _policy({"tags": {"owner": {"tag_key": {"@@assign": "Owner"}}}}, "TAG_POLICY")},
        fails={
            "empty": (_policy({"tags": {}}, "TAG_POLICY"), "content has nothing under tags"),
            "other": (_policy({"plans": {"daily": {}}}, "DECLARATIVE_POLICY_EC2"), "the key plans"),
            "long": (_policy({"plans": {"x" * 10_000: {}}}, "BACKUP_POLICY"), "characters, and AWS takes 10000"),
            "list": (_policy([], "TAG_POLICY"), "content is no JSON object"),
        },
        ignores={"guardrail": _policy(policy(DENY))},
    ),
    Case(
        "CKV_MLGOV_335",
        "aws_organizations_delegated_administrator",
        passes={
            "member": {"account_id": OTHER, "service_principal": "config.amazonaws.com"},
            "learned": {"account_id": UNKNOWN, "service_principal": "config.amazonaws.com"},
        },
        fails={
            "own": (
                {"account_id": ACCOUNT, "service_principal": "config.amazonaws.com"},
                "account_id is the management account itself",
            )
        },
        beside=LATER,
    ),
    Case(
        "CKV_MLGOV_335",
        "aws_guardduty_organization_admin_account",
        passes={"other": {"admin_account_id": OTHER}},
        fails={"same": ({"admin_account_id": ACCOUNT}, "admin_account_id is the management account itself")},
    ),
    Case(
        "CKV_MLGOV_336",
        "aws_organizations_account",
        passes={
            "placed": {"name": "placed", "email": "a@acme.example", "parent_id": SOMEWHERE},
            "by_unit": {
                "name": "by_unit",
                "email": "b@acme.example",
                "parent_id": "${aws_organizations_organizational_unit.@unit.id}",
            },
        },
        fails={
            "absent": ({"name": "absent", "email": "c@acme.example"}, "AWS takes the root"),
            "root": ({"name": "root", "email": "d@acme.example", "parent_id": "r-abcd"}, "not known to be"),
            "unknown": (
                {"name": "unknown", "email": "e@acme.example", "parent_id": "${aws_organizations_organization.@o.id}"},
                "not known to be",
            ),
        },
        beside={
            "aws_organizations_organizational_unit.unit": {"name": "unit", "parent_id": "r-abcd"},
            "aws_organizations_organization.o": {},
        },
    ),
    Case(
        "CKV_MLGOV_337",
        "aws_account_region",
        passes={
            "near": {"region_name": "eu-south-1", "enabled": True},
            "closed": {"region_name": "af-south-1", "enabled": False},
        },
        fails={"far": ({"region_name": "af-south-1", "enabled": True}, "not among eu-*")},
    ),
    Case(
        "CKV_MLGOV_339",
        "aws_config_configuration_recorder",
        passes={"all": {**RECORDER, "recording_group": {"all_supported": True}}},
        fails={
            "absent": (RECORDER, "recording_group.all_supported is not set"),
            "some": (
                {**RECORDER, "recording_group": {"all_supported": False, "resource_types": ["AWS::S3::Bucket"]}},
                "all_supported is false",
            ),
            "daily": (
                {
                    **RECORDER,
                    "recording_group": {"all_supported": True},
                    "recording_mode": {"recording_frequency": "DAILY"},
                },
                "recording_frequency is DAILY",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_340",
        "aws_config_delivery_channel",
        passes={"key": {**DELIVERY, "s3_kms_key_arn": KEY}},
        fails={"keyless": (DELIVERY, "s3_kms_key_arn is not set")},
    ),
    Case(
        "CKV_MLGOV_341",
        "aws_config_retention_configuration",
        passes={"long": {"retention_period_in_days": 2557}},
        fails={"short": ({"retention_period_in_days": 365}, "it must be at least 2557")},
    ),
    Case(
        "CKV_MLGOV_342",
        "aws_config_configuration_aggregator",
        passes={
            "all": {
                "name": "all",
                "organization_aggregation_source": {"all_regions": True, "role_arn": RECORDER["role_arn"]},
            }
        },
        fails={
            "accounts": (
                {"name": "accounts", "account_aggregation_source": {"account_ids": [ACCOUNT], "all_regions": True}},
                "organization_aggregation_source.all_regions is not set",
            ),
            "one_region": (
                {
                    "name": "one",
                    "organization_aggregation_source": {"regions": ["eu-west-1"], "role_arn": RECORDER["role_arn"]},
                },
                "organization_aggregation_source.all_regions is",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_343",
        "aws_guardduty_detector",
        passes={"soon": {"finding_publishing_frequency": "FIFTEEN_MINUTES"}},
        fails={
            "off": ({"enable": False, "finding_publishing_frequency": "FIFTEEN_MINUTES"}, "enable is false"),
            "late": ({"enable": True, "finding_publishing_frequency": "ONE_HOUR"}, "not FIFTEEN_MINUTES"),
        },
    ),
    Case(
        "CKV_MLGOV_344",
        "aws_guardduty_organization_configuration",
        passes={"all": _members("all")},
        fails={
            "new": (_members("new", "NEW"), "not ALL"),
            "few": (_members("few"), "feature S3_DATA_EVENTS is not on in all accounts"),
            "none": (_members("none"), "feature RUNTIME_MONITORING is not on in all accounts"),
        },
        beside={
            **_features("all", *FEATURES),
            **_features("new", *FEATURES),
            **_features("few", *FEATURES[:3]),
            **_features("none", *FEATURES, state="NONE"),
        },
    ),
    Case(
        "CKV_MLGOV_345",
        "aws_securityhub_configuration_policy",
        passes={"both": _standards(*STANDARDS)},
        fails={
            "one": (_standards(STANDARDS[0]), "lacks ai-security-best-practices"),
            "off": (_standards(*STANDARDS, enabled=False), "service_enabled is false"),
        },
    ),
    Case(
        "CKV_MLGOV_346",
        "aws_securityhub_organization_configuration",
        passes={
            "central": {
                "auto_enable": False,
                "auto_enable_standards": "NONE",
                "organization_configuration": {"configuration_type": "CENTRAL"},
            }
        },
        fails={"local": ({"auto_enable": True}, "and AWS takes LOCAL")},
    ),
    Case(
        "CKV_MLGOV_347",
        "aws_s3_bucket",
        passes={"absent": {"bucket": "acme-absent"}, "kept": {"bucket": "acme-kept", "force_destroy": False}},
        fails={"emptied": ({"bucket": "acme-emptied", "force_destroy": True}, "force_destroy is true")},
    ),
    Case(
        "CKV_MLGOV_348",
        "aws_s3_bucket",
        passes={"locked": {"bucket": "acme-org-logs", "object_lock_enabled": True}},
        fails={
            "open": ({"bucket": "acme-org-logs"}, "object_lock_enabled"),
            "open_copy": ({"bucket": "acme-org-logs-copy"}, "object_lock_enabled"),
        },
        ignores={"other": {"bucket": "acme-org-config"}},
        **ARCHIVE,  # type: ignore[arg-type]
    ),
    Case(
        "CKV_MLGOV_462",
        "aws_s3_bucket_replication_configuration",
        passes={"copied": _copied("acme-org-logs-copy")},
        fails={
            "elsewhere": (_copied("acme-dev-data"), "not acme-org-logs-copy"),
            "emptied": (_copied("acme-org-logs-copy", "Enabled"), "delete_marker_replication.status"),
        },
        beside={"aws_s3_bucket.logs": {"bucket": "acme-org-logs", "object_lock_enabled": True}},
        alone="log_copy",
        tags={"Organization": "acme"},
    ),
]
