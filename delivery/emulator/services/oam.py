"""Observability Access Manager: sinks with their policies, and links to them. No telemetry is shown to anybody."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from moto.organizations.models import organizations_backends

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("oam")
_CONDITIONAL_OPERANDS = 5
# A link's answer; a filter that was never given is left out.
_LINK = ("Arn", "Id", "Label", "LabelTemplate", "LinkConfiguration", "ResourceTypes", "SinkArn", "Tags")


@SERVICE.operation("CreateSink")
def create_sink(call: Call) -> Answer:
    """An account has one sink in a region."""
    if call.table("sink"):
        raise AwsError("ConflictException", "the account has a sink in this region already")
    sink_id = str(uuid.uuid4())
    arn = f"arn:aws:oam:{call.region}:{call.account}:sink/{sink_id}"
    sink = {"Arn": arn, "Id": sink_id, "Name": call.params["Name"], "Tags": call.params.get("Tags", {})}
    call.table("sink")[arn] = sink
    return dict(sink)


@SERVICE.operation("GetSink")
def get_sink(call: Call) -> Answer:
    sink = _own(call, "sink", call.params["Identifier"])
    return {name: sink[name] for name in ("Arn", "Id", "Name", "Tags")}


@SERVICE.operation("ListSinks")
def list_sinks(call: Call) -> Answer:
    return {"Items": [{name: sink[name] for name in ("Arn", "Id", "Name")} for sink in call.table("sink").values()]}


@SERVICE.operation("DeleteSink")
def delete_sink(call: Call) -> Answer:
    """A sink to which accounts are linked stays."""
    sink = _own(call, "sink", call.params["Identifier"])
    if linked := _linked(call, sink["Arn"]):
        raise AwsError("ConflictException", f"{len(linked)} links lead to the sink: delete them first")
    del call.table("sink")[sink["Arn"]]
    return {}


@SERVICE.operation("PutSinkPolicy")
def put_sink_policy(call: Call) -> Answer:
    sink = _own(call, "sink", call.params["SinkIdentifier"])
    try:
        allowing = json.loads(call.params["Policy"])["Statement"]
    except (ValueError, KeyError, TypeError) as error:
        raise AwsError("InvalidParameterException", f"the policy is no policy document: {error}") from error
    if not allowing:
        raise AwsError("InvalidParameterException", "the policy has no statement")
    sink["Policy"] = call.params["Policy"]
    return {"Policy": sink["Policy"], "SinkArn": sink["Arn"], "SinkId": sink["Id"]}


@SERVICE.operation("GetSinkPolicy")
def get_sink_policy(call: Call) -> Answer:
    sink = _own(call, "sink", call.params["SinkIdentifier"])
    if "Policy" not in sink:
        raise AwsError("ResourceNotFoundException", f"the sink {sink['Arn']} has no policy")
    return {"Policy": sink["Policy"], "SinkArn": sink["Arn"], "SinkId": sink["Id"]}


@SERVICE.operation("ListAttachedLinks")
def list_attached_links(call: Call) -> Answer:
    sink = _own(call, "sink", call.params["SinkIdentifier"])
    return {
        "Items": [
            {"LinkArn": link["Arn"], "Label": link["Label"], "ResourceTypes": link["ResourceTypes"]}
            for link in _linked(call, sink["Arn"])
        ]
    }


@SERVICE.operation("CreateLink")
def create_link(call: Call) -> Answer:
    """One link to a sink, which is of another account and the same region, and whose policy lets it."""
    given = call.params
    sink_arn = given["SinkIdentifier"]
    _, _, _, region, owner, _ = sink_arn.split(":", 5)
    sink = call.store.table(owner, region, call.service, "sink").get(sink_arn)
    if sink is None or region != call.region:
        raise AwsError("InvalidParameterException", f"there is no sink {sink_arn} in {call.region}")
    if owner == call.account:
        raise AwsError("InvalidParameterException", "an account cannot link to its own sink")
    if any(link["SinkArn"] == sink_arn for link in call.table("link").values()):
        raise AwsError("ConflictException", f"the account is linked to {sink_arn} already")
    _admitted(sink, call.account, given["ResourceTypes"])
    link_id = str(uuid.uuid4())
    arn = f"arn:aws:oam:{call.region}:{call.account}:link/{link_id}"
    link = {
        "Arn": arn,
        "Id": link_id,
        "Label": _label(call.account, given["LabelTemplate"]),
        "LabelTemplate": given["LabelTemplate"],
        "ResourceTypes": given["ResourceTypes"],
        "SinkArn": sink_arn,
        "Tags": given.get("Tags", {}),
        "LinkConfiguration": _configuration({}, given.get("LinkConfiguration", {})),
    }
    call.table("link")[arn] = link
    return _shown(link)


@SERVICE.operation("UpdateLink")
def update_link(call: Call) -> Answer:
    """The filters that are given replace those before; `*` ends one."""
    link = _own(call, "link", call.params["Identifier"])
    owner, region = link["SinkArn"].split(":")[4], call.region
    _admitted(
        call.store.table(owner, region, call.service, "sink")[link["SinkArn"]],
        call.account,
        call.params["ResourceTypes"],
    )
    link["ResourceTypes"] = call.params["ResourceTypes"]
    link["LinkConfiguration"] = _configuration(link["LinkConfiguration"], call.params.get("LinkConfiguration", {}))
    return _shown(link)


@SERVICE.operation("GetLink")
def get_link(call: Call) -> Answer:
    return _shown(_own(call, "link", call.params["Identifier"]))


@SERVICE.operation("ListLinks")
def list_links(call: Call) -> Answer:
    shown = ("Arn", "Id", "Label", "ResourceTypes", "SinkArn")
    return {"Items": [{name: link[name] for name in shown} for link in call.table("link").values()]}


@SERVICE.operation("DeleteLink")
def delete_link(call: Call) -> Answer:
    link = _own(call, "link", call.params["Identifier"])
    del call.table("link")[link["Arn"]]
    return {}


@SERVICE.operation("TagResource")
def tag_resource(call: Call) -> Answer:
    _tagged(call).update(call.params["Tags"])
    return {}


@SERVICE.operation("UntagResource")
def untag_resource(call: Call) -> Answer:
    for key in call.params["TagKeys"]:
        _tagged(call).pop(key, None)
    return {}


@SERVICE.operation("ListTagsForResource")
def list_tags(call: Call) -> Answer:
    return {"Tags": _tagged(call)}


def _own(call: Call, noun: str, identifier: str) -> Record:
    """The caller's sink or link, by its id or ARN."""
    for arn, record in call.table(noun).items():
        if identifier in (arn, record["Id"]):
            return record
    raise AwsError("ResourceNotFoundException", f"there is no {noun} {identifier} in {call.account}")


def _tagged(call: Call) -> Record:
    arn = call.params["ResourceArn"]
    tags: Record = _own(call, "link" if ":link/" in arn else "sink", arn)["Tags"]
    return tags


def _linked(call: Call, sink_arn: str) -> list[Record]:
    """The links to the sink of every account that is in an organisation."""
    accounts = {*organizations_backends, *organizations_backends.master_accounts} - {call.account}
    links = (call.store.table(each, call.region, call.service, "link").values() for each in sorted(accounts))
    return [link for found in links for link in found if link["SinkArn"] == sink_arn]


def _shown(link: Record) -> Answer:
    return {name: link[name] for name in _LINK if link[name] or name == "Tags"}


def _configuration(before: Record, given: Record) -> Record:
    merged = {**before, **given}
    for part in merged.values():
        if len(re.findall(r"\b(?:AND|OR)\b", part["Filter"])) > _CONDITIONAL_OPERANDS:
            raise AwsError(
                "InvalidParameterException",
                f"a filter has at most {_CONDITIONAL_OPERANDS} AND and OR: {part['Filter']}",
            )
    return {name: part for name, part in merged.items() if part["Filter"] != "*"}


def _admitted(sink: Record, account: str, kinds: list[str]) -> None:
    """Refuse what no statement of the sink's policy allows: by account or organisation, and kinds of telemetry."""
    policy = json.loads(sink.get("Policy", '{"Statement": []}'))
    if not any(_allows(statement, account, kinds) for statement in policy["Statement"]):
        raise AwsError(
            "InvalidParameterException", f"the policy of {sink['Arn']} does not let {account} show {', '.join(kinds)}"
        )


def _allows(statement: Record, account: str, kinds: list[str]) -> bool:
    conditions: dict[str, Record] = statement.get("Condition", {})
    organizations, types = _values(conditions, "aws:PrincipalOrgID"), _values(conditions, "oam:ResourceTypes")
    principal = statement["Principal"]
    return (
        statement["Effect"] == "Allow"
        and (principal in ("*", {"AWS": "*"}) or account in json.dumps(principal))
        and (organizations is None or _organization_id(account) in organizations)
        and (types is None or set(kinds) <= set(types))
    )


def _values(conditions: dict[str, Record], key: str) -> list[str] | None:
    """What a test other than for null asks of the key; None where nothing is asked."""
    for operator, tests in conditions.items():
        if key in tests and operator != "Null":
            return tests[key] if isinstance(tests[key], list) else [tests[key]]
    return None


def _organization(account: str) -> Any:
    manager, partition = organizations_backends.master_accounts.get(account, (account, "aws"))
    return organizations_backends[manager][partition]


def _organization_id(account: str) -> str | None:
    organization = _organization(account).org
    return str(organization.id) if organization else None


def _label(account: str, template: str) -> str:
    """The template with the account's name and address, as its organisation knows them."""
    known = next((one for one in _organization(account).accounts if str(one.id) == account), None)
    name, email = (str(known.name), str(known.email)) if known else (account, account)
    filled = template.replace("$AccountEmailNoDomain", email.partition("@")[0])
    return filled.replace("$AccountEmail", email).replace("$AccountName", name)
