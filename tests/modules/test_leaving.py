"""What leaves the configuration: forgotten where it must outlive it, and never closed by our own role."""

from __future__ import annotations

import re
from pathlib import Path

import cdktf_cdktf_provider_aws
import pytest
from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from constructs import Construct

from modules.core.forget import forget
from modules.core.retention import RETAINED, is_stateful, outlives_its_stack
from modules.foundations.access_roles import AccessRoles
from modules.foundations.contract import CiContract
from modules.foundations.organization_tree import NewAccount, OrganizationTree, Unit
from modules.foundations.settings import AccessSettings, OrganizationSettings
from tests.support.rendering import NAMING, Rendered, render, statements

ACCOUNT = NewAccount("fraud-dev", "fraud@acme.example", "suspended", {})


def _tree(*, closed: bool) -> Rendered:
    return render(
        lambda scope: OrganizationTree(
            scope,
            "tree",
            settings=OrganizationSettings(),
            trusted_services=(),
            units=[Unit("suspended", "Suspended", None)],
            accounts=[] if closed else [ACCOUNT],
            pinned={},
            access_role="OrganizationAccountAccessRole",
            delegated={},
            closed=[ACCOUNT] if closed else [],
        )
    )


def test_a_closed_account_is_forgotten_at_the_address_it_had() -> None:
    """The account leaves state by a removed block that destroys nothing; every other resource stays as it was."""
    before, after = _tree(closed=False).document, _tree(closed=True).document
    (name,) = before["resource"].pop("aws_organizations_account")
    lifecycle = {"destroy": False}
    assert after["removed"] == [{"from": f"aws_organizations_account.{name}", "lifecycle": lifecycle}]
    assert after["resource"] == before["resource"]


def test_where_nothing_is_closed_nothing_is_removed() -> None:
    """Without a closed account there is no removed block."""
    assert "removed" not in _tree(closed=False).document


def test_what_is_forgotten_leaves_its_neighbours_alone() -> None:
    """Of two buckets one is forgotten: the other is configured as before."""

    def build(scope: Construct) -> None:
        S3Bucket(scope, "kept", bucket="kept")
        forget(TerraformStack.of(scope), [S3Bucket(scope, "gone", bucket="gone")])

    document = render(build).document
    assert list(document["resource"]["aws_s3_bucket"]) == ["kept"]
    assert [block["from"] for block in document["removed"]] == ["aws_s3_bucket.gone"]


def test_every_retained_type_is_one_of_the_provider() -> None:
    """A misspelt type would protect nothing: each is a resource of the AWS bindings in use."""
    kinds = set()
    for file in Path(cdktf_cdktf_provider_aws.__path__[0]).glob("*/__init__.py"):
        with file.open(encoding="utf-8") as source:
            if found := re.search(r"# `(aws_\w+)`", source.read(80)):
                kinds.add(found[1])
    listed = set(RETAINED).union(*RETAINED.values())
    assert sorted(listed - kinds) == []


@pytest.mark.parametrize(
    ("kind", "stateful", "stays"),
    [
        ("aws_s3_bucket", True, True),
        ("aws_s3_bucket_public_access_block", False, True),
        ("aws_kms_alias", False, True),
        ("aws_vpc", False, False),
    ],
)
def test_what_protects_data_stays_with_it(kind: str, stateful: bool, stays: bool) -> None:
    """A kept bucket keeps its public access block; a bucket alone is guarded against destruction; a VPC is neither."""
    assert (is_stateful(kind), outlives_its_stack(kind)) == (stateful, stays)


def test_what_cloud_control_made_stays_by_what_it_is() -> None:
    """A card cannot be had back; a hook without its role, which goes with the stack, would refuse every change."""
    kind = "aws_cloudcontrolapi_resource"
    assert outlives_its_stack(kind)
    assert outlives_its_stack(kind, "AWS::SageMaker::ModelCard")
    assert not outlives_its_stack(kind, "AWS::CloudFormation::GuardHook")


def test_the_management_accounts_apply_role_can_close_no_account() -> None:
    """An explicit denial stands against organizations:*: close, remove, leave, delete the organisation."""
    ending = {
        "organizations:CloseAccount",
        "organizations:DeleteOrganization",
        "organizations:LeaveOrganization",
        "organizations:RemoveAccountFromOrganization",
    }
    rendered = render(
        lambda scope: AccessRoles(
            scope,
            "access",
            naming=NAMING,
            settings=AccessSettings(),
            ci=CiContract(**CiContract.names(NAMING)),
            external_id="external",
            account_roles=("management",),
        )
    )
    policies = {body["name"]: body["policy"] for body in rendered.all("aws_iam_role_policy").values()}
    statement = statements(policies["mlgov-apply"])["NeverPeopleOrAccounts"]
    assert statement["Effect"] == "Deny"
    assert statement["Resource"] == "*"
    assert ending <= set(statement["Action"])
