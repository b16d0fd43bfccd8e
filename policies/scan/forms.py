"""checkov's forms of a stack, and the way back from them to Terraform addresses."""

from __future__ import annotations

import json
import re
from collections.abc import Container
from typing import Any

from checkov.common.graph.checks_infra.base_check import BaseGraphCheck
from checkov.common.graph.checks_infra.enums import SolverType
from checkov.common.graph.graph_builder import CustomAttributes
from checkov.terraform.plan_parser import RESOURCE_TYPES_JSONIFY
from checkov.terraform_json.parser import prepare_definition

CANARY_TYPE = "mlgov_canary"
CANARY_ADDRESS = f"{CANARY_TYPE}.canary"
# How checkov writes a reference to a managed policy of the stack.
_OWN_POLICY = re.compile(r"aws_iam_policy\.[\w-]+\.arn")
_DOCUMENT = re.compile(r"(?:\$\{)?data\.aws_iam_policy_document\.([\w-]+)\.json\}?")


def definition_of(document: dict[str, Any]) -> dict[str, Any]:
    """checkov's form of the view: the canary is the last resource, policy documents are decoded as in a plan."""
    resources = {**document.get("resource", {}), CANARY_TYPE: {"canary": {"song": 1}}}
    definition: dict[str, Any] = prepare_definition({**document, "resource": resources})
    for entity in definition["resource"]:
        for kind, names in entity.items():
            attribute = RESOURCE_TYPES_JSONIFY.get(kind)
            for body in names.values() if attribute else ():
                body.update(_decoded(attribute, body.get(attribute)))
    return definition


def _decoded(attribute: str, value: Any) -> dict[str, Any]:
    if not (isinstance(value, list) and len(value) == 1 and isinstance(value[0], str)):
        return {}
    try:
        return {attribute: [json.loads(value[0])]}
    except ValueError:
        return {}  # a reference, which stays what it is


def unread_document(kind: str, conf: dict[str, Any], written: Container[str]) -> str | None:
    """The attribute that holds a policy document which no policy can read; None where each can, or there is none.

    What is no JSON with statements is unread, a call of `jsonencode` above all. The document of one of the data sources
    `written` in the stack is judged there.
    """
    attribute = RESOURCE_TYPES_JSONIFY.get(kind)
    if attribute is None or "polic" not in attribute or attribute not in conf:
        return None
    value = conf[attribute]
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    reference = _DOCUMENT.fullmatch(value) if isinstance(value, str) else None
    return None if _has_statements(value) or (reference and reference[1] in written) else attribute


def _has_statements(value: Any) -> bool:
    statements = value.get("Statement") if isinstance(value, dict) else None
    if isinstance(statements, list):
        return bool(statements) and all(isinstance(statement, dict) for statement in statements)
    return isinstance(statements, dict)


def block_address(section: str, kind: str, name: str, conf: dict[str, Any]) -> str:
    """The address of a block that a registry judged; an instance of for_each or count counts for its block."""
    if section == "provider":
        alias = conf.get("alias")
        return f"provider.{kind}.{alias[0]}" if alias else f"provider.{kind}"
    name = name.partition("[")[0]
    return {"resource": f"{kind}.{name}", "data": f"data.{kind}.{name}"}.get(section, f"{section}.{name}")


def vertex_address(vertex: dict[str, Any]) -> str:
    """The block's address; an instance of for_each or count counts for its block."""
    block, _, _ = str(vertex[CustomAttributes.BLOCK_NAME]).partition("[")
    section = vertex[CustomAttributes.BLOCK_TYPE]
    return block if section == "resource" else f"{section}.{block}"


def attaches_own_policy(vertex: dict[str, Any]) -> bool:
    """Whether the vertex attaches a managed policy of its stack: none of AWS's, and judged where it is written."""
    return _OWN_POLICY.fullmatch(str(vertex.get("policy_arn", ""))) is not None


def concerns(check: BaseGraphCheck, present: Container[str | None]) -> bool:
    """Whether a graph policy may have a subject among blocks of the types `present`. False is certain.

    Attribute and connection conditions take their vertices from the types they name, and filters only take away. Any
    other condition, or one that names no type, may see every vertex.
    """
    if check.sub_checks:
        return not check.resource_types or any(concerns(part, present) for part in check.sub_checks)
    if check.type is SolverType.FILTER:
        return False
    named = [*check.resource_types, *check.connected_resources_types]
    closed = check.type in (SolverType.ATTRIBUTE, SolverType.CONNECTION) and check.resource_types
    return not closed or any(kind in present or kind.lower() == "all" for kind in named)
