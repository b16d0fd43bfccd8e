"""RAM: feature groups that are shared to accounts and units, and their catalogue, which is found and not read."""

from __future__ import annotations

import pytest

from policies.access.diff import difference
from policies.access.who import Question, who_can
from tests.policies.access.organisation import MANAGEMENT, Json, Organisation, account, allow

GROUP = "arn:aws:sagemaker:eu-west-1:vault:feature-group/velocity"
CATALOGUE = "arn:aws:sagemaker:eu-west-1:vault:sagemaker-catalog/DefaultFeatureGroupCatalog"
READ, WRITE, ADMIN = (f"AWSRAMPermissionSageMakerFeatureGroup{level}" for level in ("ReadOnly", "ReadWrite", "Admin"))
SEARCH = "AWSRAMPermissionSageMakerCatalogResourceSearch"


def _unit(key: str) -> str:
    unit = f"${{data.terraform_remote_state.management-organization.outputs.unit_ids.{key}}}"
    organization = "${data.terraform_remote_state.management-organization.outputs.organization_id}"
    return f"arn:aws:organizations::{MANAGEMENT}:ou/{organization}/{unit}"


def _shared(
    principal: str, *permissions: str, resource: str = "${aws_sagemaker_feature_group.velocity.arn}"
) -> Organisation:
    """A feature group, shared to the principal; a role in dev and one in prod that may do all with features."""
    made = Organisation()
    made.add("vault", "aws_sagemaker_feature_group", "velocity", {"feature_group_name": "velocity"})
    arns: Json = {"permission_arns": [f"arn:aws:ram::aws:permission/{name}" for name in permissions]}
    made.add("vault", "aws_ram_resource_share", "share", {"name": "velocity", **(arns if permissions else {})})
    share = {"resource_share_arn": "${aws_ram_resource_share.share.arn}"}
    made.add("vault", "aws_ram_resource_association", "share", {**share, "resource_arn": resource})
    made.add("vault", "aws_ram_principal_association", "share", {**share, "principal": principal})
    for of in ("dev", "prod"):
        made.role(of, "reader", allow("sagemaker:*"))
    made.role("dev", "nothing")
    return made


def _can(made: Organisation, action: str, on: str = GROUP) -> list[str]:
    return [one.principal for one in who_can(made.read(), Question(f"sagemaker:{action}", on)).holdings]


@pytest.mark.parametrize(
    ("level", "opened"),
    [
        (READ, ["GetRecord", "BatchGetRecord", "DescribeFeatureGroup"]),
        (WRITE, ["GetRecord", "PutRecord", "DeleteRecord"]),
        (ADMIN, ["GetRecord", "PutRecord", "UpdateFeatureGroup", "UpdateFeatureMetadata"]),
    ],
    ids=["read", "read-write", "admin"],
)
def test_each_level_opens_its_actions_to_the_account(level: str, opened: list[str]) -> None:
    """To roles of that account which have the action of their own, and to nobody else; no level deletes a group."""
    made = _shared(account("dev"), level)
    actions = ["GetRecord", "BatchGetRecord", "DescribeFeatureGroup", "PutRecord", "DeleteRecord"]
    actions += ["UpdateFeatureGroup", "UpdateFeatureMetadata", "DeleteFeatureGroup"]
    found = {action: _can(made, action) for action in actions}
    assert {action: found[action] for action in opened} == {action: ["dev/reader"] for action in opened}
    if level != ADMIN:
        assert found["UpdateFeatureGroup"] == []
    if level == READ:
        assert found["PutRecord"] == []
    assert found["DeleteFeatureGroup"] == []


def test_a_share_to_a_unit_reaches_the_accounts_below_it() -> None:
    """Those of units within it as well; one beside it is not reached. An empty unit reaches nobody."""
    assert _can(_shared(_unit("workloads"), READ), "GetRecord") == ["dev/reader", "prod/reader"]
    assert _can(_shared(_unit("production"), READ), "GetRecord") == ["prod/reader"]
    assert _can(_shared(_unit("empty"), READ), "GetRecord") == []


def test_a_share_to_the_organisation_reaches_every_account() -> None:
    """One to a unit that no file tells of, or to somebody whom nobody knows yet, may reach every account, too."""
    organization = f"arn:aws:organizations::{MANAGEMENT}:organization/o-tiny"
    for principal in (organization, _unit("nowhere"), "${var.somebody}"):
        assert _can(_shared(principal, READ), "GetRecord") == ["dev/reader", "prod/reader"]


def test_a_permission_that_is_not_known_counts_as_everything() -> None:
    """One left out is AWS's default, which may grow."""
    for permissions in ((), ("OwnPermission",)):
        assert _can(_shared(account("dev"), *permissions), "DeleteFeatureGroup") == ["dev/reader"]


def test_discovery_finds_and_reads_nothing() -> None:
    """A shared catalogue opens Search on itself, is told as discovery, and opens no record of any group."""
    made = _shared(_unit("workloads"), SEARCH, resource=CATALOGUE)
    answer = who_can(made.read(), Question("sagemaker:Search", CATALOGUE))
    assert [one.principal for one in answer.holdings] == ["dev/reader", "prod/reader"]
    assert "RAM share velocity discovery, which reads no feature" in answer.holdings[0].ways[0].by[1]
    assert _can(made, "GetRecord") == []
    assert _can(made, "GetRecord", CATALOGUE) == []


def test_a_share_that_widens_is_told_as_opened() -> None:
    """From reading to writing: the actions between, for roles of the account that have them, and the share."""
    found = difference(_shared(account("dev"), READ).read(), _shared(account("dev"), WRITE).read())
    opened = {change.action for change in found.of("opened")}
    assert opened == {"sagemaker:putrecord", "sagemaker:deleterecord"}
    assert found.changes[0].principals == ("dev/reader",)
    assert found.changes[0].by == f"RAM share velocity {WRITE} (vault-base/aws_ram_resource_share.share)"
