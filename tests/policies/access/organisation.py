"""A small organisation for questions of access: the management account, a team's dev and prod, and a vault of data.

Stacks are written as cdktf writes them: expressions for account ids and references, `$${` for variables of IAM.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from policies.access.model import Access, Principal
from policies.access.read import access
from policies.record import StackFile

Json = dict[str, Any]

MANAGEMENT = "111111111111"
REGION = "eu-west-1"
ACCOUNTS = {"management": None, "dev": "workloads", "prod": "production", "vault": None}
ROLES = {"management": "management", "dev": "ml-team", "prod": "ml-team", "vault": "log-archive"}


def account(name: str) -> str:
    """The id of an account as a stack writes it."""
    if name == "management":
        return MANAGEMENT
    return f"${{data.terraform_remote_state.management-organization.outputs.account_ids.{name}}}"


def role_arn(of: str, name: str) -> str:
    """The ARN of a role as a stack writes it."""
    return f"arn:aws:iam::{account(of)}:role/{name}"


def allow(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> Json:
    """A statement that allows; `Condition`, `Principal` and others are given by name."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> Json:
    """A statement that denies."""
    return allow(action, resource, **more) | {"Effect": "Deny"}


def principal(found: Access, name: str) -> Principal:
    """The one principal of this name."""
    (one,) = (one for one in found.principals if one.name == name)
    return one


def policy(*statements: Json) -> str:
    """A policy document as a stack holds it."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(*principals: str, **more: Any) -> str:
    """A trust policy for principals of AWS accounts."""
    statement = {"Effect": "Allow", "Principal": {"AWS": list(principals)}, "Action": "sts:AssumeRole", **more}
    return policy(statement)


def service(*names: str) -> str:
    """A trust policy for services of AWS."""
    return policy({"Effect": "Allow", "Principal": {"Service": list(names)}, "Action": "sts:AssumeRole"})


class Organisation:
    """Stacks by id, to which tests add blocks."""

    def __init__(self) -> None:
        self.stacks: dict[str, Json] = {}
        self._of: dict[str, str] = {}

    def add(self, of: str, type_: str, name: str, body: Mapping[str, Any], *, stack: str = "base") -> None:
        """A block in the account's stack."""
        id_ = f"{of}-{stack}"
        self._of[id_] = of
        document = self.stacks.setdefault(id_, {"resource": {}})
        path = {"//": {"metadata": {"path": f"{id_}/{name}"}}}
        document["resource"].setdefault(type_, {})[name] = {**path, **body}

    def role(self, of: str, name: str, *statements: Json, trusts: str = "", boundary: str = "", **more: Any) -> None:
        """A role with an inline policy."""
        trusts = trusts or service("lambda.amazonaws.com")
        bound = {"permissions_boundary": f"${{aws_iam_policy.{boundary}.arn}}"} if boundary else {}
        self.add(of, "aws_iam_role", name, {"name": name, "assume_role_policy": trusts, **bound, **more})
        if statements:
            body = {"name": "own", "role": f"${{aws_iam_role.{name}.name}}", "policy": policy(*statements)}
            self.add(of, "aws_iam_role_policy", name, body)

    def own_policy(self, of: str, name: str, *statements: Json) -> None:
        """A customer managed policy."""
        self.add(of, "aws_iam_policy", name, {"name": name, "policy": policy(*statements)})

    def bucket(self, of: str, name: str, *statements: Json) -> None:
        """A bucket, with a policy where there are statements."""
        self.add(of, "aws_s3_bucket", name, {"bucket": name})
        if statements:
            self.add(
                of,
                "aws_s3_bucket_policy",
                name,
                {"bucket": f"${{aws_s3_bucket.{name}.id}}", "policy": policy(*statements)},
            )

    def guardrail(
        self, name: str, *statements: Json, unit: str | None = None, kind: str = "SERVICE_CONTROL_POLICY"
    ) -> None:
        """A control policy at a unit, or at the root."""
        target = f"unit_ids.{unit}" if unit else "root_id"
        self.add(
            "management", "aws_organizations_policy", name, {"name": name, "type": kind, "content": policy(*statements)}
        )
        body = {
            "policy_id": f"${{aws_organizations_policy.{name}.id}}",
            "target_id": f"${{data.terraform_remote_state.management-organization.outputs.{target}}}",
        }
        self.add("management", "aws_organizations_policy_attachment", name, body)

    def people(self, set_: str, *statements: Json, boundary: str = "", **held: list[str]) -> None:
        """A permission set, and the groups that hold it by account."""
        arn = {"permission_set_arn": f"${{aws_ssoadmin_permission_set.{set_}.arn}}"}
        self.add("management", "aws_ssoadmin_permission_set", set_, {"name": set_})
        inline = {**arn, "inline_policy": policy(*statements)}
        self.add("management", "aws_ssoadmin_permission_set_inline_policy", set_, inline)
        if boundary:
            reference = {"customer_managed_policy_reference": {"name": boundary, "path": "/"}}
            body = {**arn, "permissions_boundary": reference}
            self.add("management", "aws_ssoadmin_permissions_boundary_attachment", set_, body)
        for of, groups in held.items():
            for group in groups:
                self.add("management", "aws_identitystore_group", group, {"display_name": group})
                body = {
                    **arn,
                    "principal_id": f"${{aws_identitystore_group.{group}.group_id}}",
                    "target_id": account(of),
                }
                self.add("management", "aws_ssoadmin_account_assignment", f"{of}-{group}-{set_}", body)

    @property
    def manifest(self) -> Json:
        """The manifest as JSON."""
        accounts = [
            {
                "name": name,
                "id": MANAGEMENT if name == "management" else None,
                "unit": unit,
                "environment": name if name in ("dev", "prod") else "org",
                "roles": [ROLES[name]],
                "team": None,
                "domain": None,
            }
            for name, unit in ACCOUNTS.items()
        ]
        units = [
            {"key": "workloads", "name": "Workloads", "parent": None},
            {"key": "production", "name": "Production", "parent": "workloads"},
            {"key": "empty", "name": "Empty", "parent": "workloads"},
        ]
        organization = {
            "name": "tiny",
            "partition": "aws",
            "home_region": REGION,
            "management_account_id": MANAGEMENT,
            "accounts": accounts,
            "units": units,
        }
        stacks = [self._entry(id_, of) for id_, of in sorted(self._of.items())]
        return {"version": 1, "organization": organization, "stacks": stacks}

    def _entry(self, id_: str, of: str) -> Json:
        return {
            "id": id_,
            "stack": "base",
            "module": "foundations",
            "account": of,
            "environment": "org",
            "region": REGION,
            "tier": "foundation",
            "owner": "platform@tiny.example",
            "path": f"stacks/{id_}/cdk.tf.json",
            "state_bucket": "state",
            "state_key": f"{id_}.tfstate",
            "depends_on": [],
            "resources": 1,
            "sha256": hashlib.sha256(self._bytes(id_)).hexdigest(),
            "assets": {},
        }

    def _bytes(self, id_: str) -> bytes:
        return json.dumps(self.stacks[id_]).encode()

    def write(self, out: Path) -> list[StackFile]:
        """The synthesis in a folder, as the gate is given it."""
        files = []
        out.mkdir(exist_ok=True)
        for entry in self.manifest["stacks"]:
            path = out / entry["path"]
            path.parent.mkdir(parents=True)
            path.write_bytes(self._bytes(entry["id"]))
            files.append(StackFile(entry["id"], path, entry["sha256"]))
        (out / "mlgov.json").write_text(json.dumps(self.manifest), encoding="utf-8")
        return files

    def read(self) -> Access:
        """Who has what in it."""
        return access(self.manifest, deepcopy(self.stacks))
