"""What groups, bucket and key of the central registry say to teams' accounts: pure statements, no cdktf here.

Each function writes one side of FINDS_MODELS for all readers that it is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from modules.core.handshake import EdgeHolder
from modules.core.iam import ANYONE, Conditions, Principals, Statement
from modules.core.naming import Naming
from modules.ml_platform.model_user import DEPLOYS_MODELS, READS_MODELS
from modules.ml_platform.names import MODEL_BUCKET, model_files, model_group_arns
from modules.ml_platform.registered_model import ModelReader, RegisteredModel


def group_statement(
    holder: EdgeHolder, naming: Naming, model: RegisteredModel, readers: Sequence[ModelReader]
) -> Statement:
    """The team's accounts read the group and deploy its versions.

    Whole accounts, exact actions and nothing else: RAM lists no group whose policy names a role or every action, or
    says more than one of its permissions does. Which roles are meant their own policies say; who approves, the
    guardrail of SM-42 and the denials of every permission set: an approval is no use of a group that is granted here.
    https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-ram-promote.html
    """
    for reader in readers:
        reader.edge.render(holder, "policy")
    return Statement(
        "TeamReadsAndDeploys",
        actions=(DEPLOYS_MODELS, *READS_MODELS),
        resources=model_group_arns(naming, model.team, model.project),
        principals=_accounts(naming, readers),
    )


def bucket_statements(
    holder: EdgeHolder, naming: Naming, readers: Sequence[ModelReader], organization_id: str
) -> Iterator[Statement]:
    """Jobs and endpoints of each team read its own files, as the roles that are named and no others."""
    bucket = naming.bucket_arn(MODEL_BUCKET)
    for team, own in _by_team(readers).items():
        what = "".join(part.capitalize() for part in team.split("-"))
        principals, conditions = _accounts(naming, own), _roles(own, organization_id)
        yield Statement(
            f"{what}ReadsModels",
            actions=("s3:GetObject",),
            resources=(f"{bucket}/{model_files(team)}*",),
            principals=principals,
            conditions=conditions,
        )
        yield Statement(
            f"{what}ListsModels",
            actions=("s3:ListBucket",),
            resources=(bucket,),
            principals=principals,
            conditions={**conditions, "StringLike": {"s3:prefix": f"{model_files(team)}*"}},
        )
        for reader in own:
            for edge in (reader.edge, *reader.beside):
                edge.render(holder, "bucket")


def key_statements(
    holder: EdgeHolder, naming: Naming, readers: Sequence[ModelReader], organization_id: str
) -> Iterator[Statement]:
    """These roles decrypt files in S3; people of this account read and write model cards, in SageMaker.

    SageMaker uses the key of a card as the caller, who may be a person: their permission sets name no key.
    https://docs.aws.amazon.com/sagemaker/latest/dg/model-cards-create.html
    """
    yield Statement(
        "CardsOfThisAccount",
        actions=("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"),
        resources=("*",),
        principals=ANYONE,
        conditions={
            "StringEquals": {
                "kms:CallerAccount": naming.account_id,
                "kms:ViaService": f"sagemaker.{naming.region}.amazonaws.com",
            }
        },
    )
    if readers:
        yield Statement(
            "TeamsReadModels",
            actions=("kms:Decrypt",),
            resources=("*",),
            principals=_accounts(naming, readers),
            conditions={
                "ArnEquals": _roles(readers, organization_id)["ArnEquals"],
                "StringEquals": {
                    "aws:PrincipalOrgID": organization_id,
                    "kms:ViaService": f"s3.{naming.region}.amazonaws.com",
                },
            },
        )
    for reader in readers:
        for edge in (reader.edge, *reader.beside):
            edge.render(holder, "key")


def _by_team(readers: Sequence[ModelReader]) -> Mapping[str, list[ModelReader]]:
    teams = sorted({reader.team for reader in readers})
    return {team: [reader for reader in readers if reader.team == team] for team in teams}


def _accounts(naming: Naming, readers: Sequence[ModelReader]) -> Principals:
    # By name: an id may be a reference, which is compared with nothing.
    ids = {reader.account: reader.account_id for reader in readers}
    return Principals("AWS", tuple(f"arn:{naming.partition}:iam::{ids[name]}:root" for name in sorted(ids)))


def _roles(readers: Sequence[ModelReader], organization_id: str) -> Conditions:
    arns = tuple(arn for reader in readers for arn in reader.role_arns)
    return {"ArnEquals": {"aws:PrincipalArn": arns}, "StringEquals": {"aws:PrincipalOrgID": organization_id}}
