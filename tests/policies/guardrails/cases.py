"""Requests made from a denial: one that it must stop, and for each of its conditions one that it must let pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from policies.guardrails import Inputs, statement
from policies.preventive import PRINCIPAL, Denial
from tests.policies.guardrails.evaluator import ACCOUNT, Case

PERSON = f"arn:aws:iam::{ACCOUNT}:role/data-scientist"
# On no action of the data any more (K1 of our research): the evaluator drops them, so no case can send them.
DEPRECATED = frozenset(
    f"sagemaker:{name}"
    for name in (
        "FeatureGroupOfflineStoreKmsKey",
        "FeatureGroupOnlineStoreKmsKey",
        "OutputKmsKey",
        "VolumeKmsKey",
    )
)
# One action of a service for `service:*`, and one of all for `*`.
SAMPLES = {
    "*": "s3:CreateBucket",
    "dynamodb:*": "dynamodb:GetItem",
    "ecr:*": "ecr:BatchGetImage",
    "events:*": "events:PutEvents",
    "kms:*": "kms:Decrypt",
    "s3:*": "s3:GetObject",
    "secretsmanager:*": "secretsmanager:GetSecretValue",
    "sqs:*": "sqs:ReceiveMessage",
}
BY_RESOURCE = {":hub/": "sagemaker:DescribeHub", ":hub-content/": "sagemaker:DescribeHubContent"}
# What the form of the resource needs after the part that a pattern of ours fixes.
OBJECT_ACTIONS = frozenset(
    f"s3:{name}" for name in ("BypassGovernanceRetention", "DeleteObject", "DeleteObjectVersion", "PutObjectRetention")
)
REST = dict.fromkeys(OBJECT_ACTIONS, "/key") | {
    "logs:DeleteLogStream": ":log-stream:x",
    "sagemaker:DescribeHubContent": "/x/1.0.0",
}
REGIONAL, GLOBAL = "sagemaker:CreateTrainingJob", "iam:GetRole"


def cases(label: str, denial: Denial, inputs: Inputs, alone: str, together: tuple[str, ...]) -> Iterator[Case]:
    """The cases of one denial: its trigger `alone` and in the packed documents, then what must pass `alone`."""
    body = statement(denial, inputs)
    assert body is not None
    conditions = {
        (operator, key): texts(values)
        for operator, keys in body.get("Condition", {}).items()
        for key, values in keys.items()
    }
    holds = _context(conditions)
    first: Case | None = None
    for resource in texts(body.get("Resource", "*")):
        for action in denial.actions or [REGIONAL]:
            name = _sample(action, resource)
            arn = _forbidden(body) if resource == "*" else concrete(resource) + REST.get(name, "")
            person = holds.get(PRINCIPAL, PERSON)
            context = {PRINCIPAL: person} | holds
            trigger = Case(f"{label} {name} is denied", name, person, context, (alone,), denied=True, resource=arn)
            first = first or trigger
            yield trigger
            yield replace(trigger, name=f"{trigger.name} by the whole level", documents=together)
    assert first is not None
    for operator, key in conditions:
        if key in DEPRECATED:
            continue
        context = _but(first.context, operator, key, conditions[operator, key])
        yield replace(
            first,
            name=f"{label} passes when {operator} {key} does not hold",
            context=context,
            principal=context[PRINCIPAL],
            denied=False,
        )
    if "NotAction" in body:
        yield replace(first, name=f"{label} passes for {GLOBAL}", action=GLOBAL, resource=None, denied=False)
    for allowed in texts(body.get("NotResource")):
        yield replace(first, name=f"{label} passes for {allowed}", resource=concrete(allowed), denied=False)


def concrete(pattern: str) -> str:
    """An ARN, or other text, that a pattern matches."""
    parts = pattern.split(":", 5)
    if len(parts) == 6 and parts[0] == "arn":
        parts[3] = parts[3].replace("*", "eu-west-1")
        parts[4] = parts[4].replace("*", ACCOUNT)
    return ":".join(parts).replace("*", "x")


def _sample(action: str, resource: str) -> str:
    if action == "sagemaker:*":
        return next(sample for part, sample in BY_RESOURCE.items() if part in resource)
    return SAMPLES.get(action, action)


def _forbidden(body: Mapping[str, Any]) -> str | None:
    """A resource like those that NotResource spares, yet none of them; None where any will do."""
    spared = texts(body.get("NotResource"))
    return concrete(spared[0]).rpartition("/")[0] + "/forbidden" if spared else None


def texts(value: str | list[str] | None) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else value


def _plain(operator: str) -> str:
    return operator.rpartition(":")[2].removesuffix("IfExists")


def _context(conditions: dict[tuple[str, str], list[str]]) -> dict[str, str]:
    """Values under which every condition holds."""
    found: dict[str, str] = {}
    for (operator, key), values in sorted(conditions.items(), key=lambda item: item[0][0] != "Null"):
        if operator == "Null":
            if values == ["false"]:
                found[key] = _present(key)
        else:
            found[key] = _matching(_plain(operator), key, values)
    return found


def _matching(operator: str, key: str, values: list[str]) -> str:
    if operator.startswith("Numeric"):
        step = 1 if operator.startswith("NumericGreaterThan") else -1
        return str(float(values[0]) + step / 10) if "." in values[0] else str(int(values[0]) + step)
    if operator == "NotIpAddress":
        return "192.0.2.1"
    if "Not" in operator:
        return _present(key)
    return concrete(values[0])


def _but(context: Mapping[str, str], operator: str, key: str, values: list[str]) -> dict[str, str]:
    """The context with one condition broken."""
    found = dict(context)
    plain = _plain(operator)
    if plain == "Null":
        if values == ["true"]:
            found[key] = _present(key)
        else:
            del found[key]
    elif plain == "Bool":
        found[key] = "false" if values == ["true"] else "true"
    elif plain == "NotIpAddress":
        found[key] = values[0].rpartition(".")[0] + ".7"
    elif plain.startswith("Numeric") or "Not" in plain:
        found[key] = concrete(values[0])
    else:
        found[key] = PERSON if key == PRINCIPAL else _present(key)
    return found


def _present(key: str) -> str:
    """A value of the key's form that no list of ours names."""
    if key == PRINCIPAL:
        return PERSON
    if key.lower().endswith(("arn", "arns", "boundary", "guardrailidentifier", "kmskey")):
        return f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/other"
    return "true" if key == "aws:AssumedRoot" else "other"
