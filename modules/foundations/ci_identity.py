"""Who runs Terraform: the CI system, federated by OIDC into the management account, and Atlantis's server, if any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cdktf_cdktf_provider_aws.iam_openid_connect_provider import IamOpenidConnectProvider
from constructs import Construct

from modules.core.iam import Principals, Statement, policy_variable
from modules.core.naming import Naming
from modules.core.role import Role
from modules.foundations.contract import STATE, CiContract


@dataclass(frozen=True, slots=True)
class CiTrust:
    """What the CI system's tokens look like. `issuer` is its URL; a plan subject may end in `*`.

    `server_role_arn` is the role of Atlantis's server, where there is one; it needs the external id.
    """

    issuer: str
    audience: str
    plan_subjects: Sequence[str]
    apply_subjects: Sequence[str]
    external_id: str
    server_role_arn: str | None = None


class CiIdentity(Construct):
    """The OIDC provider, and the two roles CI starts from: `ci-plan` and `ci-apply`.

    `access_role` is the role that AWS makes in a new account; only `ci-apply` may use it, to make the account's own.

    Guarantees:
    - a token needs the audience and one of the subjects: a pull request gets `ci-plan`, never `ci-apply`;
    - Atlantis's server gets both, by exactly its role with the external id; without that role tokens alone do;
    - `ci-plan` reads state, takes and frees its lock, and assumes plan roles of this organisation, nothing else;
    - `ci-apply` writes state and assumes plan, apply and access roles of this organisation, nothing else.

    Controls: IAM-06, IAM-05 (NIST 800-53 AC-6, IA-8).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        trust: CiTrust,
        access_role: str,
        boundary_arn: str,
        environments: Sequence[str],
        session_seconds: int,
    ) -> None:
        super().__init__(scope, id_)
        provider = IamOpenidConnectProvider(self, "provider", url=trust.issuer, client_id_list=[trust.audience])
        provider_arn = provider.arn
        claims = trust.issuer.removeprefix("https://")
        names = CiContract.names(naming)
        objects = [replace(naming, environment=environment).bucket_arn(STATE) for environment in environments]
        for what, verb, subjects in (
            ("ci-plan", "plan", trust.plan_subjects),
            ("ci-apply", "apply", trust.apply_subjects),
        ):
            Role(
                self,
                what,
                naming=naming,
                what=what,
                description=f"CI runs terraform {verb} as this role",
                boundary_arn=boundary_arn,
                session_seconds=session_seconds,
                trust=[
                    Statement(
                        "CiTokens",
                        actions=("sts:AssumeRoleWithWebIdentity",),
                        principals=Principals("Federated", (provider_arn,)),
                        conditions={
                            "StringEquals": {f"{claims}:aud": trust.audience},
                            "StringLike": {f"{claims}:sub": list(subjects)},
                        },
                    ),
                    *_server(trust),
                ],
                statements=[
                    *_state_access(naming, objects, write=verb == "apply"),
                    _assume(naming, access_role, verb),
                ],
            )
        self.contract = CiContract(**names)


def _server(trust: CiTrust) -> list[Statement]:
    """One process plans and applies, so both roles trust it: what tells them apart is its workflows (ADR 41)."""
    if trust.server_role_arn is None:
        return []
    return [
        Statement(
            "AtlantisServer",
            actions=("sts:AssumeRole",),
            principals=Principals("AWS", (trust.server_role_arn,)),
            conditions={"StringEquals": {"sts:ExternalId": trust.external_id}},
        )
    ]


def _state_access(naming: Naming, buckets: Sequence[str], *, write: bool) -> list[Statement]:
    objects = [f"{bucket}/*" for bucket in buckets]
    locks = [f"{bucket}/*.tflock" for bucket in buckets]
    written = objects if write else locks
    return [
        Statement("ListState", actions=("s3:ListBucket", "s3:GetBucketVersioning"), resources=buckets),
        Statement("ReadState", actions=("s3:GetObject",), resources=objects),
        Statement("WriteState" if write else "Lock", actions=("s3:PutObject",), resources=written),
        Statement("Unlock", actions=("s3:DeleteObject",), resources=locks),
        Statement(
            "StateKeys",
            actions=("kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"),
            resources=(naming.arn("kms", "key/*"),),
            conditions={"ForAnyValue:StringLike": {"kms:ResourceAliases": f"alias/{naming.organization}-*-{STATE}"}},
        ),
    ]


def _assume(naming: Naming, access_role: str, verb: str) -> Statement:
    """Assume the roles of the verb in any account of the organisation, recognised by their names."""
    roles = {"plan": ["*-mlgov-plan"], "apply": ["*-mlgov-plan", "*-mlgov-apply"]}[verb]
    arns = [f"arn:{naming.partition}:iam::*:role/{naming.organization}-{role}" for role in roles]
    if verb == "apply":
        arns.append(f"arn:{naming.partition}:iam::*:role/{access_role}")
    return Statement(
        "AssumeAccountRoles",
        actions=("sts:AssumeRole",),
        resources=arns,
        conditions={"StringEquals": {"aws:ResourceOrgID": policy_variable("aws:PrincipalOrgID")}},
    )
