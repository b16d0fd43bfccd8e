"""Point one synthesised stack at an emulator, by a Terraform override file beside a copy of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Document = dict[str, Any]


def override(stack_document: Mapping[str, Any]) -> Document:
    """The content of `mlgov_override.tf.json` for a stack, which is left as it is.

    An emulator on an IP address has no bucket host names, so every S3 client is told to use paths: each `aws`
    provider with or without alias, the backend, and each read of another stack's state. Terraform merges a
    provider by argument but replaces a backend and a `config` whole, so those are copied. Where requests go and
    with which credentials is no matter of this file: the emulator's `environment()` says it.
    """
    result: Document = {}
    providers = [_provider(block) for block in _blocks(stack_document.get("provider", {}).get("aws", []))]
    if providers:
        result["provider"] = {"aws": providers}
    backend = stack_document.get("terraform", {}).get("backend", {}).get("s3")
    if backend is not None:
        result["terraform"] = {"backend": {"s3": {**backend, "use_path_style": True}}}
    states = stack_document.get("data", {}).get("terraform_remote_state", {})
    reads = {
        name: {"config": {**block["config"], "use_path_style": True}}
        for name, block in states.items()
        if block["backend"] == "s3"
    }
    if reads:
        result["data"] = {"terraform_remote_state": reads}
    return result


def _blocks(value: Any) -> list[Mapping[str, Any]]:
    """Terraform's JSON writes one block as an object or as a list of one."""
    return list(value) if isinstance(value, list) else [value]


def _provider(block: Mapping[str, Any]) -> Document:
    path_style: Document = {"s3_use_path_style": True}
    return path_style | {"alias": block["alias"]} if "alias" in block else path_style
