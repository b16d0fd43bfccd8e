"""Who sends records to the central store from another account, and what lets it. No cdktf here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modules.core.handshake import Edge
from modules.core.iam import Principals, Statement
from modules.core.naming import Naming
from modules.feature_store.names import INGEST_KEY, ingest_queue_arn


@dataclass(frozen=True, slots=True)
class Producer:
    """Roles of a team in one account that send records to the central group `group`. `edge` is the way to it."""

    group: str
    account_id: str
    role_arns: tuple[str, ...]
    edge: Edge


def send_statements(store: Naming, groups: Sequence[str]) -> list[Statement]:
    """What lets a role send records to the queues of these groups in the account of `store`.

    The key is known there by its alias alone: its id is AWS's, and its stack comes after the role's.
    """
    return [
        Statement(
            "SendRecords",
            actions=("sqs:SendMessage",),
            resources=tuple(ingest_queue_arn(store, group) for group in sorted(groups)),
        ),
        Statement(
            "EncryptRecords",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            resources=(store.arn("kms", "key/*"),),
            conditions={
                "ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{store.name(INGEST_KEY)}"},
                "StringEquals": {"kms:ViaService": f"sqs.{store.region}.amazonaws.com"},
            },
        ),
    ]


def queue_statements(
    naming: Naming, group: str, producers: Sequence[Producer], organization_id: str
) -> list[Statement]:
    """What the policy of the group's queue says of them: none where there are none."""
    if not producers:
        return []
    return [
        Statement(
            "ProducersSend",
            actions=("sqs:SendMessage",),
            resources=(ingest_queue_arn(naming, group),),
            principals=_accounts(naming, producers),
            conditions=_roles(producers, organization_id),
        )
    ]


def key_statements(naming: Naming, producers: Sequence[Producer], organization_id: str) -> list[Statement]:
    """What the policy of the key over the queues says of them: none where there are none."""
    if not producers:
        return []
    conditions = _roles(producers, organization_id)
    via = {"kms:ViaService": f"sqs.{naming.region}.amazonaws.com"}
    return [
        Statement(
            "ProducersEncrypt",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            resources=("*",),
            principals=_accounts(naming, producers),
            conditions={**conditions, "StringEquals": {**conditions["StringEquals"], **via}},
        )
    ]


def _accounts(naming: Naming, producers: Sequence[Producer]) -> Principals:
    """Their accounts, not the roles: a policy that names a role that is not there yet is refused."""
    accounts = sorted({each.account_id for each in producers})
    return Principals("AWS", tuple(f"arn:{naming.partition}:iam::{account}:root" for account in accounts))


def _roles(producers: Sequence[Producer], organization_id: str) -> dict[str, dict[str, str | Sequence[str]]]:
    return {
        "ArnEquals": {"aws:PrincipalArn": tuple(sorted({arn for each in producers for arn in each.role_arns}))},
        "StringEquals": {"aws:PrincipalOrgID": organization_id},
    }
