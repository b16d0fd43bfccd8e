"""CodeArtifact: domains, repositories, their policies and tags. Nothing is fetched, published or installed."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("codeartifact")
DOMAIN, REPOSITORY, POLICY, TAGS = "domain", "repository", "policy", "tags"
# What repositories of AWS fetch from, and the format of its packages.
# https://docs.aws.amazon.com/codeartifact/latest/ug/external-connection.html
_UPSTREAMS = {
    "public:npmjs": "npm",
    "public:nuget-org": "nuget",
    "public:pypi": "pypi",
    "public:maven-central": "maven",
    "public:crates-io": "cargo",
    "public:ruby-gems-org": "ruby",
}


def _missing(what: str) -> AwsError:
    return AwsError("ResourceNotFoundException", f"there is no {what}")


def _domain(call: Call) -> Record:
    """The caller's domain: who has it in another account needs a policy, and no policy is evaluated here."""
    name, owner = call.params["domain"], call.params.get("domainOwner", call.account)
    if owner != call.account or name not in call.table(DOMAIN):
        raise _missing(f"domain {name} of {owner}")
    return call.table(DOMAIN)[name]


def _repositories(call: Call) -> dict[str, Record]:
    """Those of the domain, by name."""
    domain = _domain(call)["name"]
    return {each["name"]: each for each in call.table(REPOSITORY).values() if each["domainName"] == domain}


def _repository(call: Call) -> Record:
    name = call.params["repository"]
    if name not in _repositories(call):
        raise _missing(f"repository {name} in the domain {call.params['domain']}")
    return _repositories(call)[name]


def _described(call: Call, domain: Record) -> Answer:
    return {"domain": {**domain, "repositoryCount": len(_repositories(call))}}


@SERVICE.operation("CreateDomain")
def create_domain(call: Call) -> Answer:
    name = call.params["domain"]
    if name in call.table(DOMAIN):
        raise AwsError("ConflictException", f"there is a domain {name} already")
    own = f"arn:aws:kms:{call.region}:{call.account}:alias/aws/codeartifact"
    arn = f"arn:aws:codeartifact:{call.region}:{call.account}:domain/{name}"
    call.table(DOMAIN)[name] = {
        "name": name,
        "owner": call.account,
        "arn": arn,
        "status": "Active",
        "createdTime": datetime.now(UTC),
        "encryptionKey": call.params.get("encryptionKey", own),
        "assetSizeBytes": 0,
        "s3BucketArn": f"arn:aws:s3:::assets-000000000000-{call.region}",
    }
    _tag(call, arn)
    return _described(call, call.table(DOMAIN)[name])


@SERVICE.operation("DescribeDomain")
def describe_domain(call: Call) -> Answer:
    return _described(call, _domain(call))


@SERVICE.operation("DeleteDomain")
def delete_domain(call: Call) -> Answer:
    domain = _domain(call)
    if _repositories(call):
        raise AwsError("ConflictException", f"the domain {domain['name']} holds repositories")
    answer = _described(call, domain)
    del call.table(DOMAIN)[domain["name"]]
    _forget(call, domain["arn"])
    return {"domain": {**answer["domain"], "status": "Deleted"}}


@SERVICE.operation("CreateRepository")
def create_repository(call: Call) -> Answer:
    domain, name = _domain(call), call.params["repository"]
    if name in _repositories(call):
        raise AwsError("ConflictException", f"there is a repository {name} already")
    arn = f"arn:aws:codeartifact:{call.region}:{call.account}:repository/{domain['name']}/{name}"
    call.table(REPOSITORY)[arn] = {
        "name": name,
        "administratorAccount": call.account,
        "domainName": domain["name"],
        "domainOwner": call.account,
        "arn": arn,
        "description": call.params.get("description", ""),
        "upstreams": _upstreams(call),
        "externalConnections": [],
        "createdTime": datetime.now(UTC),
    }
    _tag(call, arn)
    return {"repository": call.table(REPOSITORY)[arn]}


@SERVICE.operation("DescribeRepository")
def describe_repository(call: Call) -> Answer:
    return {"repository": _repository(call)}


@SERVICE.operation("UpdateRepository")
def update_repository(call: Call) -> Answer:
    repository = _repository(call)
    if "upstreams" in call.params:
        repository["upstreams"] = _upstreams(call)
    if "description" in call.params:
        repository["description"] = call.params["description"]
    return {"repository": repository}


@SERVICE.operation("DeleteRepository")
def delete_repository(call: Call) -> Answer:
    repository = _repository(call)
    del call.table(REPOSITORY)[repository["arn"]]
    _forget(call, repository["arn"])
    return {"repository": repository}


@SERVICE.operation("AssociateExternalConnection")
def associate_external_connection(call: Call) -> Answer:
    repository, name = _repository(call), call.params["externalConnection"]
    if name not in _UPSTREAMS:
        raise AwsError("ValidationException", f"{name} is none of {', '.join(sorted(_UPSTREAMS))}")
    if repository["externalConnections"]:
        raise AwsError("ConflictException", f"the repository {repository['name']} has an external connection already")
    connection = {"externalConnectionName": name, "packageFormat": _UPSTREAMS[name], "status": "Available"}
    repository["externalConnections"] = [connection]
    return {"repository": repository}


@SERVICE.operation("DisassociateExternalConnection")
def disassociate_external_connection(call: Call) -> Answer:
    repository, name = _repository(call), call.params["externalConnection"]
    if name not in [each["externalConnectionName"] for each in repository["externalConnections"]]:
        raise _missing(f"connection {name} of the repository {repository['name']}")
    repository["externalConnections"] = []
    return {"repository": repository}


@SERVICE.operation("PutDomainPermissionsPolicy")
def put_domain_policy(call: Call) -> Answer:
    return _put_policy(call, _domain(call)["arn"])


@SERVICE.operation("GetDomainPermissionsPolicy")
def get_domain_policy(call: Call) -> Answer:
    return {"policy": _policy(call, _domain(call)["arn"])}


@SERVICE.operation("DeleteDomainPermissionsPolicy")
def delete_domain_policy(call: Call) -> Answer:
    return _delete_policy(call, _domain(call)["arn"])


@SERVICE.operation("PutRepositoryPermissionsPolicy")
def put_repository_policy(call: Call) -> Answer:
    return _put_policy(call, _repository(call)["arn"])


@SERVICE.operation("GetRepositoryPermissionsPolicy")
def get_repository_policy(call: Call) -> Answer:
    return {"policy": _policy(call, _repository(call)["arn"])}


@SERVICE.operation("DeleteRepositoryPermissionsPolicy")
def delete_repository_policy(call: Call) -> Answer:
    return _delete_policy(call, _repository(call)["arn"])


@SERVICE.operation("ListTagsForResource")
def list_tags(call: Call) -> Answer:
    tags = call.table(TAGS).get(call.params["resourceArn"], {})
    return {"tags": [{"key": key, "value": value} for key, value in tags.items()]}


@SERVICE.operation("TagResource")
def tag_resource(call: Call) -> Answer:
    _tag(call, call.params["resourceArn"])
    return {}


@SERVICE.operation("UntagResource")
def untag_resource(call: Call) -> Answer:
    tags = call.table(TAGS).get(call.params["resourceArn"], {})
    for key in call.params["tagKeys"]:
        tags.pop(key, None)
    return {}


def _upstreams(call: Call) -> list[Record]:
    """Those that the call names; each must be a repository of the domain."""
    wanted = call.params.get("upstreams", [])
    for each in wanted:
        if each["repositoryName"] not in _repositories(call):
            raise _missing(f"repository {each['repositoryName']} in the domain {call.params['domain']}")
    return list(wanted)


def _put_policy(call: Call, arn: str) -> Answer:
    document = call.params["policyDocument"]
    try:
        statements = json.loads(document)["Statement"]
    except (ValueError, KeyError, TypeError):
        raise AwsError("ValidationException", "the policy document is no policy") from None
    if not statements:
        raise AwsError("ValidationException", "the policy document has no statement")
    wanted = call.params.get("policyRevision")
    if wanted is not None and wanted != call.table(POLICY).get(arn, {}).get("revision"):
        raise AwsError("ConflictException", f"the policy of {arn} has another revision")
    revision = hashlib.sha256(document.encode()).hexdigest()
    call.table(POLICY)[arn] = {"resourceArn": arn, "revision": revision, "document": document}
    return {"policy": call.table(POLICY)[arn]}


def _policy(call: Call, arn: str) -> Record:
    if arn not in call.table(POLICY):
        raise _missing(f"policy of {arn}")
    return call.table(POLICY)[arn]


def _delete_policy(call: Call, arn: str) -> Answer:
    policy = _policy(call, arn)
    del call.table(POLICY)[arn]
    return {"policy": policy}


def _tag(call: Call, arn: str) -> None:
    tags = call.table(TAGS).setdefault(arn, {})
    tags.update({each["key"]: each["value"] for each in call.params.get("tags", [])})


def _forget(call: Call, arn: str) -> None:
    call.table(POLICY).pop(arn, None)
    call.table(TAGS).pop(arn, None)
