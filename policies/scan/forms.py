"""checkov's forms of a stack, and the way back from them to Terraform addresses."""

from __future__ import annotations

import json
from typing import Any

from checkov.common.graph.graph_builder import CustomAttributes
from checkov.terraform.plan_parser import RESOURCE_TYPES_JSONIFY
from checkov.terraform_json.parser import prepare_definition

CANARY_TYPE = "mlgov_canary"
CANARY_ADDRESS = f"{CANARY_TYPE}.canary"


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
