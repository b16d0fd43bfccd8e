"""ECR: pull-through caches and creation templates. No image is fetched, replicated or scanned."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from moto.ecr.models import ECRBackend
from moto.iam.exceptions import MalformedPolicyDocument

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("ecr")
CACHE, TEMPLATE = "pull-through-cache", "creation-template"
# What a policy of a registry may speak of: https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html
_OF_REGISTRIES = {"ecr:BatchImportUpstreamImage", "ecr:CreateRepository", "ecr:ReplicateImage"}


@SERVICE.mend
def a_registry_policy_speaks_of_caches() -> None:
    """AWS takes the action of pull-through caches, too; moto knows those of replication alone."""

    def _validate_registry_policy_action(self: Any, policy_text: str) -> None:
        for statement in json.loads(policy_text)["Statement"]:
            actions = statement["Action"]
            if {actions} - _OF_REGISTRIES if isinstance(actions, str) else set(actions) - _OF_REGISTRIES:
                raise MalformedPolicyDocument

    ECRBackend._validate_registry_policy_action = _validate_registry_policy_action


def _found(call: Call, noun: str, key: str, error: str) -> Record:
    name = call.params[key]
    if name not in call.table(noun):
        raise AwsError(error, f"there is no {noun} {name} in {call.account}")
    return call.table(noun)[name]


def _listed(call: Call, noun: str, key: str, error: str) -> list[Record]:
    """All records, or those that the call names; one that is not there is an error."""
    every, wanted = call.table(noun), call.params.get(key)
    if missing := sorted(set(wanted or ()) - set(every)):
        raise AwsError(error, f"there is no {noun} {', '.join(missing)} in {call.account}")
    return [record for name, record in every.items() if not wanted or name in wanted]


@SERVICE.operation("CreatePullThroughCacheRule")
def create_cache(call: Call) -> Answer:
    prefix = call.params["ecrRepositoryPrefix"]
    if prefix in call.table(CACHE):
        raise AwsError("PullThroughCacheRuleAlreadyExistsException", f"there is a cache {prefix} already")
    call.table(CACHE)[prefix] = {
        "createdAt": datetime.now(UTC),
        "registryId": call.account,
        **{key: value for key, value in call.params.items() if key != "registryId"},
    }
    return call.table(CACHE)[prefix]


@SERVICE.operation("DescribePullThroughCacheRules")
def describe_caches(call: Call) -> Answer:
    error = "PullThroughCacheRuleNotFoundException"
    return {"pullThroughCacheRules": _listed(call, CACHE, "ecrRepositoryPrefixes", error)}


@SERVICE.operation("UpdatePullThroughCacheRule")
def update_cache(call: Call) -> Answer:
    rule = _found(call, CACHE, "ecrRepositoryPrefix", "PullThroughCacheRuleNotFoundException")
    rule.update(credentialArn=call.params["credentialArn"], updatedAt=datetime.now(UTC))
    wanted = ("ecrRepositoryPrefix", "registryId", "updatedAt", "credentialArn")
    return {key: rule[key] for key in wanted}


@SERVICE.operation("DeletePullThroughCacheRule")
def delete_cache(call: Call) -> Answer:
    rule = _found(call, CACHE, "ecrRepositoryPrefix", "PullThroughCacheRuleNotFoundException")
    del call.table(CACHE)[rule["ecrRepositoryPrefix"]]
    wanted = ("ecrRepositoryPrefix", "upstreamRegistryUrl", "createdAt", "registryId", "credentialArn")
    return {key: rule[key] for key in wanted if key in rule}


@SERVICE.operation("CreateRepositoryCreationTemplate")
def create_template(call: Call) -> Answer:
    prefix, now = call.params["prefix"], datetime.now(UTC)
    if prefix in call.table(TEMPLATE):
        raise AwsError("TemplateAlreadyExistsException", f"there is a template {prefix} already")
    encryption = call.params.get("encryptionConfiguration", {"encryptionType": "AES256"})
    if (encryption["encryptionType"] != "AES256" or call.params.get("resourceTags")) and not call.params.get(
        "customRoleArn"
    ):
        raise AwsError("InvalidParameterException", "a template with a key or tags needs customRoleArn")
    call.table(TEMPLATE)[prefix] = {
        "imageTagMutability": "MUTABLE",
        **call.params,
        "encryptionConfiguration": encryption,
        "createdAt": now,
        "updatedAt": now,
    }
    return {"registryId": call.account, "repositoryCreationTemplate": call.table(TEMPLATE)[prefix]}


@SERVICE.operation("DescribeRepositoryCreationTemplates")
def describe_templates(call: Call) -> Answer:
    found = _listed(call, TEMPLATE, "prefixes", "TemplateNotFoundException")
    return {"registryId": call.account, "repositoryCreationTemplates": found}


@SERVICE.operation("UpdateRepositoryCreationTemplate")
def update_template(call: Call) -> Answer:
    template = _found(call, TEMPLATE, "prefix", "TemplateNotFoundException")
    template.update(call.params, updatedAt=datetime.now(UTC))
    return {"registryId": call.account, "repositoryCreationTemplate": template}


@SERVICE.operation("DeleteRepositoryCreationTemplate")
def delete_template(call: Call) -> Answer:
    template = _found(call, TEMPLATE, "prefix", "TemplateNotFoundException")
    del call.table(TEMPLATE)[template["prefix"]]
    return {"registryId": call.account, "repositoryCreationTemplate": template}
