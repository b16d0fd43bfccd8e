"""Where the gate and checkov's command line differ, and why: the one table of it.

A difference is a policy on an address with an outcome of each side; None says that this side has no record of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from tests.policies.support import LOG_GROUP, Json, policy, stack


class Difference(NamedTuple):
    """One record on which both sides do not agree; `message` is the gate's."""

    stack: str
    policy: str
    address: str
    plain: str | None
    gate: str | None
    message: str

    @property
    def document(self) -> bool:
        """Whether the resource is one whose policy document the gate decodes."""
        from checkov.terraform.plan_parser import RESOURCE_TYPES_JSONIFY

        return self.address.partition(".")[0] in RESOURCE_TYPES_JSONIFY

    @property
    def whole_stack(self) -> bool:
        """Whether the policy is one over a whole stack. The policies must have been loaded."""
        from policies.checks.base import StackCheck

        return self.policy in {check.policy for check in StackCheck.__subclasses__()}

    @property
    def unseen(self) -> bool:
        """Whether only the gate judged, and did so."""
        return (
            self.plain is None
            and self.gate in ("passed", "failed")
            and not self.whole_stack
            and "/" not in self.address
        )


class Kind(NamedTuple):
    """A kind of difference: why the gate is right, and which differences are of it."""

    reason: str
    covers: Callable[[Difference], bool]


ALONE = ("locals", "dropped", "dynamic")  # stacks of blind spots that explain everything in them
UNPROVABLE = "not provable at synthesis"

KINDS: Mapping[str, Kind] = {
    "whole stack": Kind(
        "A policy over a whole stack is none to checkov, which knows blocks and relations only.",
        lambda found: found.plain is None and found.whole_stack and "/" not in found.address,
    ),
    "withheld": Kind(
        "checkov drops what a policy withheld; the gate lists it, and counts it as passed nowhere.",
        lambda found: (found.plain, found.gate) == (None, "unjudged") and "/" not in found.address,
    ),
    "template": Kind(
        "checkov sees no template in the text of an object; the gate judges each resource of it.",
        lambda found: found.plain is None and "/" in found.address,
    ),
    "own policy attached": Kind(
        "checkov drops a relation over an unresolved ARN; the gate knows the attached policy, which its stack writes.",
        lambda found: found.policy == "CKV2_AWS_56" and found.unseen and not found.document,
    ),
    "unprovable": Kind(
        "checkov drops a judgement over an unresolved value, as if there were none; the gate fails it.",
        lambda found: found.unseen and found.stack not in ALONE and found.message.startswith(UNPROVABLE),
    ),
    "document decoded": Kind(
        "Policies that want a policy document as an object pass over cdktf's JSON text; a plan has it decoded.",
        lambda found: (
            found.unseen and found.stack not in ALONE and found.document and not found.message.startswith(UNPROVABLE)
        ),
    ),
    "null": Kind(
        "checkov takes cdktf's `prefix_list_ids: null` for a prefix list, beside which no address range counts.",
        lambda found: found.stack == "nulls" and (found.plain, found.gate) == ("passed", "failed"),
    ),
    "order": Kind(
        "`depends_on` alone makes two resources connected to checkov; an order protects nothing.",
        lambda found: found.stack == "order" and (found.plain, found.gate) == ("passed", "failed"),
    ),
    "literal local": Kind(
        "Policies in Python do not see through a local to checkov, which is known: the gate puts its value in.",
        lambda found: found.stack == "locals" and (found.unseen or found.plain == "failed"),
    ),
    "file dropped": Kind(
        "`required_version` makes checkov drop the whole file, with exit code 0.",
        lambda found: found.stack == "dropped" and found.unseen,
    ),
    "graph cut": Kind(
        "A dynamic block takes every later resource out of checkov's graph; the gate takes the block out and fails.",
        lambda found: found.stack == "dynamic" and found.unseen,
    ),
}

OPEN_TO_ALL = {"cidr_blocks": ["0.0.0.0/0"], "from_port": 22, "to_port": 22, "protocol": "tcp", "prefix_list_ids": None}
BUCKET = {"b": {"bucket": "b"}}
ALL_BLOCKED = {
    "block_public_acls": True,
    "block_public_policy": True,
    "ignore_public_acls": True,
    "restrict_public_buckets": True,
}


def blind_spots() -> dict[str, Json]:
    """A stack for each blind spot that the reference organisation does not show."""
    dropped = stack({"aws_cloudwatch_log_group": {"bad": {"name": "a"}}})
    dropped["terraform"]["required_version"] = ">= 1.10"
    all_rights = policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
    return {
        "nulls": stack({"aws_security_group": {"g": {"name": "g", "description": "d", "ingress": [OPEN_TO_ALL]}}}),
        "order": stack(
            {
                "aws_s3_bucket": BUCKET,
                "aws_s3_bucket_public_access_block": {
                    "p": ALL_BLOCKED | {"bucket": "b", "depends_on": ["aws_s3_bucket.b"]}
                },
            }
        ),
        "locals": stack({"aws_kms_key": {"k": {"enable_key_rotation": "${local.on}"}}}, locals={"on": True}),
        "unknown": stack({"aws_kms_key": {"k": {"enable_key_rotation": "${data.x.y.on}"}}}),
        "documents": stack({"aws_iam_role_policy": {"p": {"role": "r", "policy": all_rights}}}),
        "dropped": dropped,
        "dynamic": stack(
            {
                "aws_cloudwatch_log_group": {"first": LOG_GROUP},
                "aws_security_group": {"g": {"name": "g", "dynamic": {"ingress": {"for_each": "${var.r}"}}}},
                "aws_s3_bucket": BUCKET,
            }
        ),
    }
