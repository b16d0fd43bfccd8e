"""AWS Backup: vault policies, selections, opt-in by region, restore testing. Nothing is backed up or restored."""

from __future__ import annotations

import json
import re
import uuid
from datetime import UTC, datetime
from typing import Any

from moto.backup.models import backup_backends

from delivery.emulator.service import Answer, AwsError, Call, PassToMoto, Service
from delivery.emulator.store import Record

SERVICE = Service("backup")
# What AWS Backup knows in every region, less `Storage Gateway`, whose name its own service model does not let pass.
KINDS = ("Aurora", "DynamoDB", "EBS", "EC2", "EFS", "FSx", "RDS", "S3", "VirtualMachine")
ON_AT_FIRST = ("Aurora", "EBS", "EC2", "EFS", "FSx", "RDS", "VirtualMachine")
MANAGED = ("DynamoDB", "EFS")


def _backend(call: Call) -> Any:
    return backup_backends[call.account][call.region]


def _missing(what: str) -> AwsError:
    return AwsError("ResourceNotFoundException", f"there is no {what}")


def _vault(call: Call) -> Any:
    name = call.params["BackupVaultName"]
    if name not in _backend(call).vaults:
        raise _missing(f"backup vault {name}")
    return _backend(call).vaults[name]


@SERVICE.operation("PutBackupVaultAccessPolicy")
def put_policy(call: Call) -> Answer:
    try:
        json.loads(call.params.get("Policy", ""))
    except ValueError:
        raise AwsError("InvalidParameterValueException", "the policy is not JSON") from None
    call.store.beside(_vault(call))["policy"] = call.params["Policy"]
    return {}


@SERVICE.operation("GetBackupVaultAccessPolicy")
def get_policy(call: Call) -> Answer:
    vault = _vault(call)
    kept = call.store.beside(vault)
    if "policy" not in kept:
        raise _missing(f"policy of the backup vault {vault.backup_vault_name}")
    return {
        "BackupVaultName": vault.backup_vault_name,
        "BackupVaultArn": vault.backup_vault_arn,
        "Policy": kept["policy"],
    }


@SERVICE.operation("DeleteBackupVaultAccessPolicy")
def delete_policy(call: Call) -> Answer:
    call.store.beside(_vault(call)).pop("policy", None)
    return {}


@SERVICE.operation("UpdateRegionSettings")
def update_region(call: Call) -> Answer:
    kept = call.table("settings")
    for member, known in (
        ("ResourceTypeOptInPreference", KINDS),
        ("ResourceTypeManagementPreference", MANAGED),
    ):
        wanted = call.params.get(member, {})
        if unknown := sorted(set(wanted) - set(known)):
            raise AwsError("InvalidParameterValueException", f"{member} has invalid values: {', '.join(unknown)}")
        kept.setdefault(member, {}).update(wanted)
    return {}


@SERVICE.operation("DescribeRegionSettings")
def describe_region(call: Call) -> Answer:
    kept = call.table("settings")
    return {
        "ResourceTypeOptInPreference": {
            **{kind: kind in ON_AT_FIRST for kind in KINDS},
            **kept.get("ResourceTypeOptInPreference", {}),
        },
        "ResourceTypeManagementPreference": {
            "DynamoDB": False,
            "EFS": True,
            **kept.get("ResourceTypeManagementPreference", {}),
        },
    }


def _plan(call: Call) -> str:
    """The id of the backup plan that the call names, which must exist."""
    plan = _backend(call).plans.get(call.params["BackupPlanId"])
    if plan is None or plan.deletion_date is not None:
        raise _missing(f"backup plan {call.params['BackupPlanId']}")
    return str(plan.backup_plan_id)


@SERVICE.operation("CreateBackupSelection")
def create_selection(call: Call) -> Answer:
    made: Record = {
        "SelectionId": str(uuid.uuid4()),
        "BackupPlanId": _plan(call),
        "CreationDate": datetime.now(UTC),
        "BackupSelection": call.params["BackupSelection"],
    }
    call.table("selection")[made["SelectionId"]] = made
    return {name: made[name] for name in ("SelectionId", "BackupPlanId", "CreationDate")}


def _selection(call: Call) -> Record:
    found = call.table("selection").get(call.params["SelectionId"])
    if found is None or found["BackupPlanId"] != call.params["BackupPlanId"]:
        raise _missing(f"backup selection {call.params['SelectionId']}")
    return found


@SERVICE.operation("GetBackupSelection")
def get_selection(call: Call) -> Answer:
    return _selection(call)


@SERVICE.operation("DeleteBackupSelection")
def delete_selection(call: Call) -> Answer:
    del call.table("selection")[_selection(call)["SelectionId"]]
    return {}


def _named(name: str) -> str:
    """The name of a restore testing plan or selection, as AWS takes it."""
    if not re.fullmatch(r"[A-Za-z0-9_]{1,50}", name):
        raise AwsError("InvalidParameterValueException", f"{name!r}: letters, digits and underscores, 50 at most")
    return name


def _testing(call: Call) -> Record:
    name = call.params["RestoreTestingPlanName"]
    if name not in call.table("testing"):
        raise _missing(f"restore testing plan {name}")
    return call.table("testing")[name]


def _of_plan(plan: Record, *more: str) -> Answer:
    return {name: plan["plan"][name] for name in ("CreationTime", "RestoreTestingPlanArn", *more)} | {
        "RestoreTestingPlanName": plan["plan"]["RestoreTestingPlanName"]
    }


@SERVICE.operation("CreateRestoreTestingPlan")
def create_testing(call: Call) -> Answer:
    wanted = call.params["RestoreTestingPlan"]
    name = _named(wanted["RestoreTestingPlanName"])
    if name in call.table("testing"):
        raise AwsError("AlreadyExistsException", f"restore testing plan {name} exists already")
    arn = f"arn:aws:backup:{call.region}:{call.account}:restore-testing-plan:{name}-{uuid.uuid4()}"
    made: Record = {
        "plan": {
            "StartWindowHours": 24,
            "ScheduleExpressionTimezone": "Etc/UTC",
            **wanted,
            "RestoreTestingPlanArn": arn,
            "CreationTime": datetime.now(UTC),
        },
        "tags": call.params.get("Tags", {}),
        "selections": {},
    }
    call.table("testing")[name] = made
    return _of_plan(made)


@SERVICE.operation("GetRestoreTestingPlan")
def get_testing(call: Call) -> Answer:
    return {"RestoreTestingPlan": _testing(call)["plan"]}


@SERVICE.operation("UpdateRestoreTestingPlan")
def update_testing(call: Call) -> Answer:
    plan = _testing(call)
    plan["plan"] |= {**call.params["RestoreTestingPlan"], "LastUpdateTime": datetime.now(UTC)}
    return {**_of_plan(plan), "UpdateTime": plan["plan"]["LastUpdateTime"]}


@SERVICE.operation("DeleteRestoreTestingPlan")
def delete_testing(call: Call) -> Answer:
    if _testing(call)["selections"]:
        raise AwsError("InvalidRequestException", "the restore testing plan has selections: delete these first")
    del call.table("testing")[call.params["RestoreTestingPlanName"]]
    return {}


@SERVICE.operation("CreateRestoreTestingSelection")
def create_testing_selection(call: Call) -> Answer:
    plan, wanted = _testing(call), call.params["RestoreTestingSelection"]
    name = _named(wanted["RestoreTestingSelectionName"])
    if name in plan["selections"]:
        raise AwsError("AlreadyExistsException", f"restore testing selection {name} exists already")
    plan["selections"][name] = {
        "RestoreMetadataOverrides": {},
        "ProtectedResourceConditions": {},
        **wanted,
        "RestoreTestingPlanName": call.params["RestoreTestingPlanName"],
        "CreationTime": datetime.now(UTC),
    }
    return {**_of_plan(plan), "RestoreTestingSelectionName": name}


def _testing_selection(call: Call) -> Record:
    name = call.params["RestoreTestingSelectionName"]
    selections: dict[str, Record] = _testing(call)["selections"]
    if name not in selections:
        raise _missing(f"restore testing selection {name}")
    return selections[name]


@SERVICE.operation("GetRestoreTestingSelection")
def get_testing_selection(call: Call) -> Answer:
    return {"RestoreTestingSelection": _testing_selection(call)}


@SERVICE.operation("UpdateRestoreTestingSelection")
def update_testing_selection(call: Call) -> Answer:
    selection = _testing_selection(call)
    selection |= call.params["RestoreTestingSelection"]
    name = selection["RestoreTestingSelectionName"]
    return {**_of_plan(_testing(call)), "RestoreTestingSelectionName": name, "UpdateTime": datetime.now(UTC)}


@SERVICE.operation("DeleteRestoreTestingSelection")
def delete_testing_selection(call: Call) -> Answer:
    name = _testing_selection(call)["RestoreTestingSelectionName"]
    del _testing(call)["selections"][name]
    return {}


@SERVICE.operation("ListTags", "TagResource", "UntagResource")
def tags(call: Call) -> Answer:
    """The tags of a restore testing plan; of all else moto's, which misreads the path of such requests."""
    arn = call.params["ResourceArn"]
    for plan in call.table("testing").values():
        if plan["plan"]["RestoreTestingPlanArn"] == arn:
            plan["tags"].update(call.params.get("Tags", {}))
            for key in call.params.get("TagKeyList", ()):
                plan["tags"].pop(key, None)
            return {"Tags": plan["tags"]} if call.operation == "ListTags" else {}
    if call.operation == "ListTags":
        return {"Tags": _backend(call).list_tags(arn)}
    raise PassToMoto
