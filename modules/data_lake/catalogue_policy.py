"""The resource policy of an account's Glue catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.glue_resource_policy import GlueResourcePolicy
from constructs import Construct

from modules.core.iam import ANYONE, Statement, policy_document, service
from modules.core.naming import Naming


class CataloguePolicy(Construct):
    """What everybody is denied who is not of the organisation, whatever he is granted; with `shares` also RAM's part.

    Guarantees:
    - nobody outside the organisation reads or changes the catalogue, by whatever grant or share;
    - with `shares` Lake Formation can share with other accounts through RAM; without, nothing is granted here.

    Controls: DATA-07, DATA-12 (NIST 800-53 AC-3, AC-4).
    https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-cross-account.html
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, organization_id: str, shares: bool) -> None:
        super().__init__(scope, id_)
        catalogue = tuple(naming.arn("glue", what) for what in ("catalog", "database/*", "table/*"))
        statements = [_only_the_organisation(catalogue, organization_id)]
        if shares:
            statements.append(_ram_shares(catalogue, naming.account_id))
        GlueResourcePolicy(
            self,
            "policy",
            policy=policy_document(*statements),
            enable_hybrid="TRUE",  # Lake Formation's shares go on beside it; AWS refuses the policy without this word
        )


def _only_the_organisation(catalogue: Sequence[str], organization_id: str) -> Statement:
    return Statement(
        "OnlyTheOrganisation",
        actions=("glue:*",),
        resources=catalogue,
        effect="Deny",
        principals=ANYONE,
        conditions={
            "StringNotEqualsIfExists": {"aws:PrincipalOrgID": organization_id},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},  # RAM is of no organisation
        },
    )


def _ram_shares(catalogue: Sequence[str], account_id: str) -> Statement:
    """`IfExists`: AWS does not say that RAM tells for whom it shares; where it does, it must be for this account."""
    return Statement(
        "RamShares",
        actions=("glue:ShareResource",),
        resources=catalogue,
        principals=service("ram.amazonaws.com"),
        conditions={"StringEqualsIfExists": {"aws:SourceAccount": account_id}},
    )
