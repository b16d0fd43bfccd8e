"""The key catalogue opens each key to those who need it, and to nobody outside of the account or organisation."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any, get_args

import pytest

from environments.vocabulary import Role
from modules.core.iam import Statement
from modules.foundations.account.key_catalogue import KeyCatalogue
from modules.foundations.account.key_purposes import BY_ROLE, opened_to_organization, purposes, statements
from modules.foundations.account.key_statements import (
    ACTIONS,
    Access,
    KeyUsers,
    callers,
    callers_of_organization,
    key_statements,
    roles,
    services,
    services_of_organization,
)
from modules.foundations.account.settings import AccountRole, KeysSettings
from tests.support.rendering import NAMING, Rendered, render
from tests.support.rendering import statements as by_sid

OURS = "o-ours"
ROLE = "arn:aws:iam::333333333333:role/acme-prod-deploy"
ROLES: Sequence[AccountRole] = get_args(AccountRole)
# Each condition key that ties a statement to one owner, and the owner it must name.
OWNERS = {
    "aws:SourceAccount": NAMING.account_id,
    "kms:CallerAccount": NAMING.account_id,
    "aws:SourceOrgID": OURS,
    "aws:PrincipalOrgID": OURS,
}
USERS: dict[str, Callable[[], KeyUsers]] = {
    "services": lambda: services("S", ["events.amazonaws.com"], account_id=NAMING.account_id),
    "services of the organisation": lambda: services_of_organization(
        "S", ["cloudtrail.amazonaws.com"], organization_id=OURS
    ),
    "roles": lambda: roles("S", [ROLE], organization_id=OURS),
    "callers": lambda: callers("S", ["ec2"], account_id=NAMING.account_id, region=NAMING.region),
    "callers of the organisation": lambda: callers_of_organization(
        "S", ["s3"], organization_id=OURS, region=NAMING.region
    ),
}


@pytest.fixture(name="keys", scope="module")
def _keys() -> Rendered:
    wanted = purposes(("feature-store", "ml-team"), KeysSettings(), at_home=True)
    return render(
        lambda scope: KeyCatalogue(
            scope, "keys", naming=NAMING, purposes=wanted, owner="lead@acme.example", organization_id=OURS
        )
    )


def _policies(keys: Rendered) -> dict[str, dict[str, dict[str, Any]]]:
    return {body["tags"]["Purpose"]: by_sid(body["policy"]) for body in keys.all("aws_kms_key").values()}


def _bounded(statement: Statement) -> bool:
    conditions = statement.render()["Condition"]
    tests: dict[str, object] = conditions["StringEquals"]  # type: ignore[index]
    found = {key: value for key, value in tests.items() if key in OWNERS}
    return bool(found) and all(OWNERS[key] == value for key, value in found.items())


@pytest.mark.parametrize("grants", [False, True])
@pytest.mark.parametrize("access", get_args(Access))
@pytest.mark.parametrize("users", USERS)
def test_no_generated_statement_reaches_beyond_account_and_organisation(
    users: str, access: Access, grants: bool
) -> None:
    """Whoever is let in, every statement names our account or our organisation as the only owner."""
    generated = key_statements(USERS[users](), access, grants=grants)
    assert len(generated) == 1 + grants
    assert all(_bounded(statement) for statement in generated)
    assert all(statement.effect == "Allow" for statement in generated)


@pytest.mark.parametrize("users", USERS)
def test_a_grant_is_for_aws_resources_alone(users: str) -> None:
    """CreateGrant never comes without kms:GrantIsForAWSResource, and only where grants were asked for."""
    for access in get_args(Access):
        use, handed_on = key_statements(USERS[users](), access, grants=True)
        assert handed_on.actions == ("kms:CreateGrant",)
        assert handed_on.render()["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}  # type: ignore[index]
        assert "kms:CreateGrant" not in use.actions


def test_who_encrypts_does_not_decrypt() -> None:
    """No access holds a wildcard over all of KMS or an administrative action; the two halves share no use of a key."""
    assert "kms:Decrypt" not in ACTIONS["encrypt"]
    assert not {"kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncryptTo"} & set(ACTIONS["decrypt"])
    assert set(ACTIONS["both"]) == {*ACTIONS["encrypt"], *ACTIONS["decrypt"]}
    verbs = ("Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey*", "ReEncryptFrom", "ReEncryptTo")
    assert set(ACTIONS["both"]) == {f"kms:{verb}" for verb in verbs}


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::333333333333:root",
        "arn:aws:iam::333333333333:role/*",
        "arn:aws:iam::*:role/deploy",
        "arn:aws:iam::333333333333:user/ada",
        "*",
    ],
)
def test_a_key_is_opened_to_roles_by_name_only(arn: str) -> None:
    """A whole account, a pattern or a user is refused with its ARN."""
    with pytest.raises(ValueError, match="is not the ARN of one role"):
        roles("S", [arn], organization_id=OURS)


def test_a_role_in_an_account_yet_to_be_made_has_a_name() -> None:
    """The id of a new account is a Terraform reference, which may stand in a role's ARN; GovCloud's ARNs do, too."""
    arns = [
        "arn:aws:iam::${data.x.outputs.account_ids.fraud-prod}:role/acme-prod-deploy",
        ROLE.replace("aws", "aws-us-gov", 1),
    ]
    assert roles("S", arns, organization_id=OURS).principals.values == tuple(arns)


def test_a_key_opened_to_nobody_is_a_mistake() -> None:
    """An empty list of users is refused: IAM would read it as an error at apply."""
    with pytest.raises(ValueError, match="name at least one"):
        callers("S", [], account_id="1", region="eu-west-1")


def test_every_account_has_keys_for_logs_backups_messages_and_volumes() -> None:
    """Whatever its roles; abroad those that the baseline needs there, unless the settings add some."""
    every = {"account-logs", "backup", "messages", "volumes"}
    for role in ROLES:
        assert every <= {purpose.name for purpose in purposes((role,), KeysSettings(), at_home=True)}
        abroad = {purpose.name for purpose in purposes((role,), KeysSettings(), at_home=False)}
        assert abroad == every


def test_a_role_may_have_all_its_keys_abroad() -> None:
    """The settings name roles; an account with one has every region's keys alike, other accounts do not."""
    settings = KeysSettings(abroad=("feature-store",))
    for roles_, same in ((("feature-store", "ml-team"), True), (("ml-team",), False)):
        home, abroad = (purposes(roles_, settings, at_home=at_home) for at_home in (True, False))
        assert (home == abroad) is same


def test_roles_of_one_account_share_the_key_of_a_purpose() -> None:
    """Whatever two roles an account has, no purpose comes twice."""
    for pair in combinations(ROLES, 2):
        names = [purpose.name for purpose in purposes(pair, KeysSettings(), at_home=True)]
        assert len(names) == len(set(names)), pair


def test_a_purpose_of_the_settings_is_a_key_of_the_role() -> None:
    """An added purpose stands beside those built in, for its role only; names that other stacks own are refused."""
    settings = KeysSettings(added={"observability": ("dashboards",)})
    names = {purpose.name for purpose in purposes(("observability",), settings, at_home=True)}
    assert "dashboards" in names
    assert "dashboards" not in {purpose.name for purpose in purposes(("network",), settings, at_home=True)}
    with pytest.raises(ValueError, match="another stack makes the key"):
        KeysSettings(added={"log-archive": ("logs",)})


def test_the_roles_are_those_of_the_organisation() -> None:
    """Settings by role know the same roles as YAML does."""
    assert set(ROLES) == {role for part in get_args(Role) for role in (get_args(part) or (part,))}
    assert set(BY_ROLE) <= set(ROLES)


def test_every_key_of_the_catalogue_is_bounded() -> None:
    """Whatever the roles, what the catalogue says beside IAM names our account or organisation."""
    for purpose in purposes(ROLES, KeysSettings(), at_home=True):
        assert all(_bounded(statement) for statement in statements(purpose, NAMING, OURS)), purpose.name


def test_a_key_for_the_organisation_needs_its_id() -> None:
    """Without the organisation's id the catalogue stops, instead of opening a key to everybody."""
    wanted = purposes(("feature-store",), KeysSettings(), at_home=True)
    assert opened_to_organization(wanted)
    assert not opened_to_organization(purposes(("ml-team",), KeysSettings(), at_home=True))
    with pytest.raises(ValueError, match="id of the organisation"):
        statements(next(purpose for purpose in wanted if purpose.openings[:1]), NAMING, None)


def test_the_online_store_is_used_by_the_organisation_through_sagemaker() -> None:
    """Records of the central store are read and written as the caller; the offline store's key is opened to nobody."""
    keys = {purpose.name: purpose for purpose in purposes(("feature-store",), KeysSettings(), at_home=True)}
    (statement,) = statements(keys["feature-online"], NAMING, OURS)
    bounds = {"aws:PrincipalOrgID": OURS, "kms:ViaService": "sagemaker.eu-west-1.amazonaws.com"}
    assert statement.render()["Condition"] == {"StringEquals": bounds}
    assert statements(keys["feature-offline"], NAMING, OURS) == []


def test_every_catalogue_has_a_key_and_the_data_of_a_domain_none_of_its_accounts() -> None:
    """Whoever has a Glue catalogue encrypts it; the key of a domain's data is the domain's own."""
    for role in ("data-governance", "feature-store", "data-domain", "ml-team"):
        assert "catalogue" in {purpose.name for purpose in purposes((role,), KeysSettings(), at_home=True)}
    assert "data" not in {purpose.name for purpose in purposes(("data-domain",), KeysSettings(), at_home=True)}


def test_keys_say_what_for_and_whose(keys: Rendered) -> None:
    """Each key rotates, refuses its destruction, is tagged with purpose and owner, and is found by its alias."""
    found = keys.all("aws_kms_key").values()
    assert all(body["enable_key_rotation"] and body["lifecycle"]["prevent_destroy"] for body in found)
    assert {body["tags"]["Owner"] for body in found} == {"lead@acme.example"}
    aliases = {body["name"] for body in keys.all("aws_kms_alias").values()}
    assert aliases == {f"alias/acme-dev-{body['tags']['Purpose']}" for body in found}


def test_log_groups_encrypt_with_the_key_for_logs(keys: Rendered) -> None:
    """CloudWatch Logs of this account and region, for its own log groups, and no other key has that statement."""
    policies = _policies(keys)
    assert {name for name, policy in policies.items() if "CloudWatchLogsOfThisAccount" in policy} == {"account-logs"}


def test_volumes_work_as_with_the_key_of_aws(keys: Rendered) -> None:
    """Whoever may use EC2 in the account may use the key through EC2, and EC2 may hand it to a volume."""
    policy = _policies(keys)["volumes"]
    bound = {"kms:CallerAccount": NAMING.account_id, "kms:ViaService": "ec2.eu-west-1.amazonaws.com"}
    assert policy["VolumesOfThisAccount"]["Condition"] == {"StringEquals": bound}
    assert policy["VolumesOfThisAccountGrants"]["Condition"]["StringEquals"] == bound


def test_a_key_for_the_organisation_is_used_by_it_alone(keys: Rendered) -> None:
    """Only the key that is opened to the organisation names it, and every statement about it does."""
    statement = _policies(keys)["feature-online"]["UsedByTheOrganisation"]
    assert statement["Action"] == list(ACTIONS["both"])
    assert statement["Condition"]["StringEquals"]["aws:PrincipalOrgID"] == OURS
    assert "PrincipalOrgID" not in json.dumps(_policies(keys)["domain"])
