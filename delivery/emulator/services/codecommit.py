"""CodeCommit: keys and tags of repositories, and approval rule templates. No repository holds a commit."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from datetime import UTC, datetime
from typing import Any

from moto.codecommit.models import codecommit_backends

from delivery.emulator.service import Answer, AwsError, Call, PassToMoto, Service
from delivery.emulator.store import Record

SERVICE = Service("codecommit")
_AWS_KEY = "alias/aws/codecommit"


def _repository(call: Call, name: str) -> Any:
    found = codecommit_backends[call.account][call.region].repositories.get(name)
    if found is None:
        raise AwsError("RepositoryDoesNotExistException", f"{name} does not exist")
    return found


def _by_arn(call: Call) -> Record:
    return call.store.beside(_repository(call, call.params["resourceArn"].rpartition(":")[2]))


@SERVICE.operation("CreateRepository")
def create_repository(call: Call) -> Answer:
    """Its key and its tags, which moto drops."""
    name = call.params["repositoryName"]
    backend = codecommit_backends[call.account][call.region]
    if not re.fullmatch(r"[\w.-]{1,100}", name) or name.endswith(".git"):
        raise PassToMoto
    metadata: Record = backend.create_repository(name, call.params.get("repositoryDescription"))
    metadata["kmsKeyId"] = call.params.get("kmsKeyId", _AWS_KEY)
    call.store.beside(_repository(call, name))["tags"] = dict(call.params.get("tags", {}))
    return _shown(metadata)


@SERVICE.operation("GetRepository")
def get_repository(call: Call) -> Answer:
    return _shown(_repository(call, call.params["repositoryName"]).repository_metadata)


def _shown(metadata: Record) -> Answer:
    """moto writes dates as text, which the protocol does not have."""
    dates = {key: datetime.fromisoformat(metadata[key]) for key in ("creationDate", "lastModifiedDate")}
    return {"repositoryMetadata": {key: value for key, value in (metadata | dates).items() if value is not None}}


@SERVICE.operation("UpdateRepositoryDescription")
def describe_repository(call: Call) -> Answer:
    metadata = _repository(call, call.params["repositoryName"]).repository_metadata
    metadata["repositoryDescription"] = call.params.get("repositoryDescription", "")
    return {}


@SERVICE.operation("UpdateRepositoryEncryptionKey")
def change_key(call: Call) -> Answer:
    metadata = _repository(call, call.params["repositoryName"]).repository_metadata
    before, metadata["kmsKeyId"] = metadata["kmsKeyId"], call.params["kmsKeyId"]
    return {"repositoryId": metadata["repositoryId"], "kmsKeyId": metadata["kmsKeyId"], "originalKmsKeyId": before}


@SERVICE.operation("ListTagsForResource")
def list_tags(call: Call) -> Answer:
    return {"tags": _by_arn(call).get("tags", {})}


@SERVICE.operation("TagResource")
def tag(call: Call) -> Answer:
    _by_arn(call).setdefault("tags", {}).update(call.params["tags"])
    return {}


@SERVICE.operation("UntagResource")
def untag(call: Call) -> Answer:
    for key in call.params["tagKeys"]:
        _by_arn(call).get("tags", {}).pop(key, None)
    return {}


def _template(call: Call) -> Record:
    name = call.params["approvalRuleTemplateName"]
    if name not in call.table("template"):
        raise AwsError("ApprovalRuleTemplateDoesNotExistException", f"{name} does not exist")
    return call.table("template")[name]


def _content(text: str) -> Record:
    """The content, once it is what CodeCommit takes: at least one approval, of whomever it names."""
    try:
        rule = json.loads(text)
        wanted = [each["NumberOfApprovalsNeeded"] for each in rule["Statements"] if each["Type"] == "Approvers"]
    except (ValueError, KeyError, TypeError) as error:
        raise AwsError("InvalidApprovalRuleTemplateContentException", f"the content is no rule: {error}") from error
    if rule.get("Version") != "2018-11-08" or not wanted or min(wanted) < 1:
        raise AwsError("InvalidApprovalRuleTemplateContentException", f"not a rule for approvals: {text}")
    return {
        "approvalRuleTemplateContent": text,
        "ruleContentSha256": hashlib.sha256(text.encode()).hexdigest(),
        "lastModifiedDate": datetime.now(UTC),
        "lastModifiedUser": "arn:aws:sts::000000000000:assumed-role/emulator/emulator",
    }


@SERVICE.operation("CreateApprovalRuleTemplate")
def create_template(call: Call) -> Answer:
    name = call.params["approvalRuleTemplateName"]
    if name in call.table("template"):
        raise AwsError("ApprovalRuleTemplateNameAlreadyExistsException", f"{name} exists already")
    record = _content(call.params["approvalRuleTemplateContent"])
    record |= {
        "approvalRuleTemplateId": str(uuid.uuid4()),
        "approvalRuleTemplateName": name,
        "approvalRuleTemplateDescription": call.params.get("approvalRuleTemplateDescription", ""),
        "creationDate": record["lastModifiedDate"],
    }
    call.table("template")[name] = record
    return {"approvalRuleTemplate": record}


@SERVICE.operation("GetApprovalRuleTemplate")
def get_template(call: Call) -> Answer:
    return {"approvalRuleTemplate": _template(call)}


@SERVICE.operation("UpdateApprovalRuleTemplateContent")
def change_template(call: Call) -> Answer:
    """Refused when somebody else changed the content since it was read."""
    record = _template(call)
    if call.params.get("existingRuleContentSha256", record["ruleContentSha256"]) != record["ruleContentSha256"]:
        raise AwsError("InvalidRuleContentSha256Exception", "the content was changed by somebody else")
    record.update(_content(call.params["newRuleContent"]))
    return {"approvalRuleTemplate": record}


@SERVICE.operation("UpdateApprovalRuleTemplateDescription")
def describe_template(call: Call) -> Answer:
    record = _template(call)
    record["approvalRuleTemplateDescription"] = call.params["approvalRuleTemplateDescription"]
    return {"approvalRuleTemplate": record}


@SERVICE.operation("DeleteApprovalRuleTemplate")
def delete_template(call: Call) -> Answer:
    """Refused while a repository has the template; what is not there has no id to tell."""
    name = call.params["approvalRuleTemplateName"]
    if any(name in each["names"] for each in call.table("association").values()):
        raise AwsError("ApprovalRuleTemplateInUseException", f"{name} is associated with a repository")
    record = call.table("template").pop(name, None)
    return {"approvalRuleTemplateId": record["approvalRuleTemplateId"] if record else ""}


def _associated(call: Call) -> list[str]:
    name = call.params["repositoryName"]
    _repository(call, name)
    names: list[str] = call.table("association").setdefault(name, {"names": []})["names"]
    return names


@SERVICE.operation("AssociateApprovalRuleTemplateWithRepository")
def associate(call: Call) -> Answer:
    _template(call)
    names = _associated(call)
    if call.params["approvalRuleTemplateName"] not in names:
        names.append(call.params["approvalRuleTemplateName"])
    return {}


@SERVICE.operation("DisassociateApprovalRuleTemplateFromRepository")
def disassociate(call: Call) -> Answer:
    _template(call)
    names = _associated(call)
    if call.params["approvalRuleTemplateName"] in names:
        names.remove(call.params["approvalRuleTemplateName"])
    return {}


@SERVICE.operation("ListAssociatedApprovalRuleTemplatesForRepository")
def list_associated(call: Call) -> Answer:
    return {"approvalRuleTemplateNames": _associated(call)}


@SERVICE.operation("ListRepositoriesForApprovalRuleTemplate")
def list_repositories(call: Call) -> Answer:
    name = call.params["approvalRuleTemplateName"]
    _template(call)
    return {"repositoryNames": [each for each, kept in call.table("association").items() if name in kept["names"]]}
