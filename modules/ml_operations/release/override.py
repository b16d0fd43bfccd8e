"""As whom Terraform works in a release: files beside the stack's JSON, which stays as it passed the gate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modules.ml_operations.release.aws import Role
from modules.ml_operations.release.errors import ReleaseError

Document = dict[str, Any]
STACK_FILE, OVERRIDE_FILE, LOCK_FILE = "cdk.tf.json", "release_override.tf.json", ".terraform.lock.hcl"


def override(stack: Mapping[str, Any], *, deployer: Role, keeper: Role) -> Document:
    """The override file of the stack: its provider works as `deployer`, its backend and its reads as `keeper`.

    Terraform merges a provider argument by argument, and replaces a backend and a `config` whole, so these are copied.
    Raises ReleaseError for a stack with another provider or backend: it would work as the build itself.
    https://developer.hashicorp.com/terraform/language/files/override
    """
    providers = _blocks(stack.get("provider", {}).get("aws", []))
    others = sorted(set(stack.get("provider", {})) - {"aws"})
    if others or len(providers) != 1 or "alias" in providers[0]:
        raise ReleaseError("the stack must have one provider `aws` without an alias, and no other")
    backends: Mapping[str, Any] = stack.get("terraform", {}).get("backend", {})
    if list(backends) != ["s3"]:
        raise ReleaseError("the stack must keep its state in S3")
    reads = stack.get("data", {}).get("terraform_remote_state", {})
    if strange := sorted(name for name, read in reads.items() if read["backend"] != "s3"):
        raise ReleaseError(f"the stack must read states in S3 alone, and reads {', '.join(strange)} elsewhere")
    kept = {"assume_role": keeper.block()}
    result: Document = {
        "provider": {"aws": [{"assume_role": [deployer.block()]}]},
        "terraform": {"backend": {"s3": {**backends["s3"], **kept}}},
    }
    if reads:
        result["data"] = {
            "terraform_remote_state": {name: {"config": {**read["config"], **kept}} for name, read in reads.items()}
        }
    return result


def lock(stack: Mapping[str, Any], provider_hash: str) -> str:
    """The dependency lock file: with it `init` takes no provider but the one with this hash (`h1:...`)."""
    required = stack["terraform"]["required_providers"]
    found = required[0] if isinstance(required, list) else required
    if list(found) != ["aws"]:
        raise ReleaseError(f"the stack must require the provider aws alone, and requires {', '.join(sorted(found))}")
    version = found["aws"]["version"]
    return (
        'provider "registry.terraform.io/hashicorp/aws" {\n'
        f'  version     = "{version}"\n'
        f'  constraints = "{version}"\n'
        f'  hashes      = ["{provider_hash}"]\n'
        "}\n"
    )


def _blocks(value: Any) -> list[Mapping[str, Any]]:
    """Terraform's JSON writes one block as an object or as a list of one."""
    return list(value) if isinstance(value, list) else [value]
