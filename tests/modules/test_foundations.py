"""The foundations keep what their docstrings guarantee."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from constructs import Construct

from modules.foundations.access_roles import AccessRoles
from modules.foundations.account_baseline import AccountBaseline, Contact
from modules.foundations.ci_identity import CiIdentity, CiTrust
from modules.foundations.contract import CiContract
from modules.foundations.organization_tree import NewAccount, OrganizationTree, Unit
from modules.foundations.settings import (
    AccessSettings,
    BaselineSettings,
    DelegationSettings,
    FoundationsSettings,
    InternetGateways,
    OrganizationSettings,
    StateSettings,
)
from modules.foundations.state_backend import StateBackend
from tests.support.rendering import NAMING, Rendered, render, statements

MANAGEMENT = replace(NAMING, environment="org", account="management", account_id="111111111111")
CI = CiContract(**CiContract.names(MANAGEMENT))
VOLUMES_KEY = "arn:aws:kms:eu-west-1:222222222222:key/volumes"
CONTACT = Contact("Ada", "CISO", "ada@acme.example", "+44 20 7946 0000")


@pytest.fixture(name="tree", scope="module")
def _tree() -> Rendered:
    return render(
        lambda scope: OrganizationTree(
            scope,
            "tree",
            settings=OrganizationSettings(),
            trusted_services=OrganizationSettings().trusted_services,
            units=[Unit("child", "Child", "parent"), Unit("parent", "Parent", None)],
            accounts=[NewAccount("fraud-dev", "fraud@acme.example", "child", {"Team": "fraud"})],
            pinned={"management": "111111111111"},
            access_role="OrganizationAccountAccessRole",
            delegated={"fraud-dev": ["cloudtrail.amazonaws.com", "config.amazonaws.com", "ipam.amazonaws.com"]},
        )
    )


@pytest.fixture(name="state", scope="module")
def _state() -> Rendered:
    return render(
        lambda scope: StateBackend(
            scope, "state", naming=MANAGEMENT, settings=StateSettings(), environments=("org", "dev")
        )
    )


@pytest.fixture(name="ci", scope="module")
def _ci() -> Rendered:
    return _identity()


def _identity(server_role_arn: str | None = None) -> Rendered:
    trust = CiTrust(
        "https://token.actions.githubusercontent.com",
        "sts.amazonaws.com",
        ["repo:acme/mlgov:pull_request"],
        ["repo:acme/mlgov:environment:production"],
        "external",
        server_role_arn,
    )
    return render(
        lambda scope: CiIdentity(
            scope,
            "ci",
            naming=MANAGEMENT,
            trust=trust,
            access_role="OrganizationAccountAccessRole",
            boundary_arn="arn:aws:iam::111111111111:policy/b",
            environments=("org", "dev"),
            session_seconds=3600,
        )
    )


@pytest.fixture(name="access", scope="module")
def _access() -> Rendered:
    return render(lambda scope: _access_roles(scope, ("ml-team",)))


def _access_roles(scope: Construct, roles: tuple[str, ...]) -> AccessRoles:
    return AccessRoles(
        scope, "access", naming=NAMING, settings=AccessSettings(), ci=CI, external_id="external", account_roles=roles
    )


def _named(rendered: Rendered, kind: str, name: str) -> dict[str, object]:
    return next(body for body in rendered.all(kind).values() if body["name"] == name)


def _inline(rendered: Rendered, what: str) -> dict[str, dict[str, object]]:
    return statements(str(_named(rendered, "aws_iam_role_policy", what)["policy"]))


def _trust(rendered: Rendered, role: str) -> dict[str, dict[str, object]]:
    return statements(str(_named(rendered, "aws_iam_role", role)["assume_role_policy"]))


def test_units_stand_below_their_parents_in_any_order(tree: Rendered) -> None:
    """A unit that is listed before its parent still gets the parent's id."""
    units = tree.all("aws_organizations_organizational_unit")
    by_name = {body["name"]: body for body in units.values()}
    assert "organizations_organizational_unit" in by_name["Child"]["parent_id"]
    assert "roots[0].id" in by_name["Parent"]["parent_id"]


def test_accounts_are_never_closed_by_terraform(tree: Rendered) -> None:
    """An account is vended into its unit and survives its removal from the configuration."""
    account = tree.one("aws_organizations_account")
    assert account["close_on_deletion"] is False
    assert account["lifecycle"] == {"ignore_changes": ["role_name"], "prevent_destroy": True}
    assert account["tags"] == {"Team": "fraud"}


def test_pinned_accounts_are_not_managed(tree: Rendered) -> None:
    """An account that exists already is no resource of the organisation stack."""
    assert [body["name"] for body in tree.all("aws_organizations_account").values()] == ["fraud-dev"]


def test_the_organisation_has_exactly_the_features_of_its_settings(tree: Rendered) -> None:
    """Policy types equal the settings, sorted, so that their order is never a change; services are those given."""
    organization = tree.one("aws_organizations_organization")
    assert organization["feature_set"] == "ALL"
    assert organization["enabled_policy_types"] == sorted(OrganizationSettings().policy_types)
    assert organization["aws_service_access_principals"] == sorted(OrganizationSettings().trusted_services)


def test_root_users_of_member_accounts_are_managed_centrally(tree: Rendered) -> None:
    """Root credentials and root sessions are organisation features, on once IAM has trusted access."""
    features = tree.one("aws_iam_organizations_features")
    assert features["enabled_features"] == ["RootCredentialsManagement", "RootSessions"]
    assert features["depends_on"]
    assert "iam.amazonaws.com" in OrganizationSettings().trusted_services


def test_a_service_is_delegated_to_the_account_that_administers_it(tree: Rendered) -> None:
    """A delegated administrator is the account by its id, for one service, after trusted access is on."""
    delegation = tree.one("aws_organizations_delegated_administrator")
    assert delegation["service_principal"] == "config.amazonaws.com"
    assert "aws_organizations_account." in delegation["account_id"]
    assert delegation["depends_on"]


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("aws_cloudtrail_organization_delegated_admin_account", "account_id"),
        ("aws_vpc_ipam_organization_admin_account", "delegated_admin_account_id"),
    ],
)
def test_trail_and_address_plan_are_delegated_by_their_own_calls(tree: Rendered, kind: str, key: str) -> None:
    """CloudTrail and IPAM make their service-linked roles in those calls, after trusted access is on."""
    delegation = tree.one(kind)
    assert "aws_organizations_account." in delegation[key]
    assert delegation["depends_on"]


def test_sharing_with_the_organisation_is_on_where_it_is_trusted(tree: Rendered) -> None:
    """RAM and Service Catalog share with units and the organisation, after trusted access is on."""
    assert tree.one("aws_ram_sharing_with_organization")["depends_on"]
    assert tree.one("aws_servicecatalog_organizations_access")["enabled"] is True


def test_a_service_is_delegated_once() -> None:
    """AWS knows one administrator of most services: two roles cannot have the same."""
    with pytest.raises(ValueError, match=r"must delegate each service once, and repeats config\.amazonaws\.com"):
        DelegationSettings(network=("config.amazonaws.com",))


def test_a_delegated_service_needs_trusted_access() -> None:
    """AWS refuses to delegate what the organisation does not trust: the settings say so first."""
    with pytest.raises(ValueError, match=r"add macie\.amazonaws\.com to organization"):
        FoundationsSettings(
            organization=OrganizationSettings(trusted_services=("config.amazonaws.com",)),
            delegation=DelegationSettings(security_tooling=("config.amazonaws.com", "macie.amazonaws.com")),
        )


def test_each_environment_has_its_state_bucket_and_key(state: Rendered) -> None:
    """State of two environments never shares a bucket or a key."""
    buckets = {body["bucket"] for body in state.all("aws_s3_bucket").values()}
    assert buckets == {"acme-org-tfstate", "acme-dev-tfstate", "acme-org-tfstate-access-logs"}
    aliases = {body["name"] for body in state.all("aws_kms_alias").values()}
    assert aliases == {"alias/acme-org-tfstate", "alias/acme-dev-tfstate"}


def test_state_that_is_not_encrypted_by_kms_is_refused(state: Rendered) -> None:
    """A state bucket denies a put that names another encryption than KMS."""
    policies = [statements(body["policy"]) for body in state.all("aws_s3_bucket_policy").values()]
    denials = [policy["DenyOtherEncryption"] for policy in policies if "DenyOtherEncryption" in policy]
    assert len(denials) == 2
    for denial in denials:
        assert denial["Effect"] == "Deny"
        assert denial["Condition"]["StringNotEquals"] == {"s3:x-amz-server-side-encryption": "aws:kms"}


def test_a_pull_request_gets_the_plan_role_only(ci: Rendered) -> None:
    """The subject of a pull request is trusted by ci-plan and not by ci-apply; both pin the audience."""
    for role, subject in (
        ("acme-org-ci-plan", "repo:acme/mlgov:pull_request"),
        ("acme-org-ci-apply", "repo:acme/mlgov:environment:production"),
    ):
        statement = _trust(ci, role)["CiTokens"]
        assert statement["Condition"] == {
            "StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"},
            "StringLike": {"token.actions.githubusercontent.com:sub": subject},
        }


def test_without_atlantis_nobody_but_tokens_is_trusted(ci: Rendered) -> None:
    """Where no server's role is named, both roles trust the CI system's tokens alone."""
    for role in ("acme-org-ci-plan", "acme-org-ci-apply"):
        assert list(_trust(ci, role)) == ["CiTokens"]


def test_atlantis_is_trusted_by_its_one_role_and_the_external_id() -> None:
    """Named in YAML, the server's role, and no other, may take ci-plan and ci-apply, never without the external id."""
    arn = "arn:aws:iam::111111111111:role/atlantis"
    identity = _identity(arn)
    for role in ("acme-org-ci-plan", "acme-org-ci-apply"):
        statement = _trust(identity, role)["AtlantisServer"]
        assert (statement["Action"], statement["Principal"]) == ("sts:AssumeRole", {"AWS": arn})
        assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": "external"}}


def test_ci_plan_writes_nothing_but_locks(ci: Rendered) -> None:
    """ci-plan may put and delete lock files only, and assume plan roles only."""
    policy = _inline(ci, "ci-plan")
    assert "WriteState" not in policy
    assert policy["Lock"]["Resource"] == [f"arn:aws:s3:::acme-{e}-tfstate/*.tflock" for e in ("org", "dev")]
    assert policy["AssumeAccountRoles"]["Resource"] == "arn:aws:iam::*:role/acme-*-mlgov-plan"


def test_ci_assumes_roles_of_its_own_organisation_only(ci: Rendered) -> None:
    """Both CI roles leave their account only towards accounts of the same organisation."""
    for what in ("ci-plan", "ci-apply"):
        assert _inline(ci, what)["AssumeAccountRoles"]["Condition"] == {
            "StringEquals": {"aws:ResourceOrgID": "$${aws:PrincipalOrgID}"}
        }


def test_access_roles_trust_ci_with_the_external_id_only(access: Rendered) -> None:
    """Plan may be assumed by both CI roles, apply by ci-apply, and never without the external id."""
    plan, apply = (_trust(access, f"acme-dev-mlgov-{verb}")["CiWithExternalId"] for verb in ("plan", "apply"))
    assert plan["Principal"] == {"AWS": [CI.ci_plan_role_arn, CI.ci_apply_role_arn]}
    assert apply["Principal"] == {"AWS": CI.ci_apply_role_arn}
    for statement in (plan, apply):
        assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": "external"}}


def test_the_plan_role_reads_no_data(access: Rendered) -> None:
    """The plan role has ReadOnlyAccess less every action that shows data."""
    assert access.one("aws_iam_role_policy_attachment")["policy_arn"] == "arn:aws:iam::aws:policy/ReadOnlyAccess"
    denied = _inline(access, "mlgov-plan")["NeverData"]
    assert denied["Effect"] == "Deny"
    assert {"kms:Decrypt", "sagemaker:GetRecord", "secretsmanager:GetSecretValue"} <= set(
        denied["Action"]  # type: ignore[call-overload]
    )


def test_the_plan_role_reads_what_terraform_wrote_alone(access: Rendered) -> None:
    """Of objects in buckets the plan role reads those that Terraform itself wrote: rules, code of jobs and schemas."""
    denied = _inline(access, "mlgov-plan")["NeverObjectsButItsOwn"]
    assert denied["Effect"] == "Deny"
    assert denied["NotResource"] == [
        "arn:aws:s3:::acme-dev-fraud-dev-hooks*/*",
        "arn:aws:s3:::acme-dev-*-code/*",
        "arn:aws:s3:::acme-dev-cost-reports/allocation/*",
        "arn:aws:s3:::acme-dev-features/schemas/*",
        "arn:aws:s3:::acme-dev-ml-templates/*",
        "arn:aws:s3:::acme-dev-release--*/source/*",
        "arn:aws:s3:::acme-dev-serving--*/stack/*",
    ]
    assert denied["Action"] == ["s3:GetObject", "s3:GetObjectVersion"]


def test_the_plan_role_reads_parameters_of_the_platform_alone(access: Rendered) -> None:
    """Of SSM parameters it reads those that Terraform made: of networks, keys, projects, what is served and Studio."""
    denied = _inline(access, "mlgov-plan")["NeverParametersButItsOwn"]
    own = ("network/*", "keys/*", "environment", "dev/projects/*", "dev/serving/*", "dev/studio/*")
    assert (denied["Effect"], denied["NotResource"]) == (
        "Deny",
        [f"arn:aws:ssm:*:222222222222:parameter/acme/{each}" for each in own],
    )
    assert "ssm:GetParameter" in denied["Action"]  # type: ignore[operator]


def test_the_apply_role_cannot_raise_itself(access: Rendered) -> None:
    """The apply role cannot touch the access roles, make users, or make a role without the boundary."""
    policy = _inline(access, "mlgov-apply")
    assert policy["NeverTheAccessRoles"]["Resource"] == [
        "arn:aws:iam::222222222222:role/acme-dev-mlgov-plan",
        "arn:aws:iam::222222222222:role/acme-dev-mlgov-apply",
        "arn:aws:iam::222222222222:policy/acme-dev-mlgov-boundary",
        "arn:aws:iam::222222222222:policy/acme-org-people-boundary",
    ]
    assert policy["RolesNeedTheBoundary"]["Condition"] == {
        "StringNotEquals": {
            "iam:PermissionsBoundary": [
                "arn:aws:iam::222222222222:policy/acme-dev-mlgov-boundary",
                "arn:aws:iam::222222222222:policy/acme-org-people-boundary",
            ]
        }
    }
    assert {policy[sid]["Effect"] for sid in policy if sid != "PlatformServices"} == {"Deny"}


def test_people_and_roles_work_under_one_ceiling(access: Rendered) -> None:
    """Both boundaries say the same; that of people has one name in every environment, as permission sets need it."""
    boundaries = {body["name"]: body["policy"] for body in access.all("aws_iam_policy").values()}
    assert set(boundaries) == {"acme-dev-mlgov-boundary", "acme-org-people-boundary"}
    assert len(set(boundaries.values())) == 1
    ceiling = statements(boundaries["acme-org-people-boundary"])
    assert {sid for sid in ceiling if ceiling[sid]["Effect"] == "Deny"} == {
        "NeverPeopleOrAccounts",
        "NeverTheAccessRoles",
    }


def test_only_the_management_account_may_manage_the_organisation(access: Rendered) -> None:
    """Organizations and CloudTrail are open to the apply role of the management account and to no other."""
    management = render(lambda scope: _access_roles(scope, ("management",)))
    allowed = [json.dumps(_inline(rendered, "mlgov-apply")["PlatformServices"]) for rendered in (access, management)]
    assert ["organizations:*" in text for text in allowed] == [False, True]


def test_the_network_account_shares_its_gateway_and_makes_the_firewall(access: Rendered) -> None:
    """RAM and Network Firewall are open to the apply role of the network account, and to no ordinary one."""
    network = render(lambda scope: _access_roles(scope, ("network",)))
    for service in ("network-firewall:*", "ram:*"):
        allowed = [_inline(rendered, "mlgov-apply")["PlatformServices"]["Action"] for rendered in (access, network)]
        assert [service in actions for actions in allowed] == [False, True]


def _baseline(
    contacts: dict[str, Contact] | None, internet_gateways: InternetGateways | None = "block-ingress"
) -> Rendered:
    return render(
        lambda scope: AccountBaseline(
            scope,
            "baseline",
            settings=BaselineSettings(),
            contacts=contacts,
            volumes_key_arn=VOLUMES_KEY,
            internet_gateways=internet_gateways,
        )
    )


def test_the_baseline_closes_an_account() -> None:
    """Nothing public, encrypted volumes, strong passwords, three contacts, in every account."""
    rendered = _baseline(dict.fromkeys(("security", "operations", "billing"), CONTACT))
    assert all(
        value is True for key, value in rendered.one("aws_s3_account_public_access_block").items() if key != "//"
    )
    assert rendered.one("aws_ebs_encryption_by_default")["enabled"] is True
    assert rendered.one("aws_ebs_default_kms_key")["key_arn"] == VOLUMES_KEY
    assert rendered.one("aws_ebs_snapshot_block_public_access")["state"] == "block-all-sharing"
    assert rendered.one("aws_ec2_image_block_public_access")["state"] == "block-new-sharing"
    assert rendered.one("aws_ec2_instance_metadata_defaults")["http_tokens"] == "required"
    password = rendered.one("aws_iam_account_password_policy")
    assert (password["minimum_password_length"], password["password_reuse_prevention"]) == (14, 24)
    kinds = {body["alternate_contact_type"] for body in rendered.all("aws_account_alternate_contact").values()}
    assert kinds == {"SECURITY", "OPERATIONS", "BILLING"}


def test_abroad_the_baseline_holds_what_is_regional_alone() -> None:
    """Outside the home region all of EC2's settings stand again, and nothing of IAM, S3 or the account."""
    home, abroad = _baseline({"security": CONTACT}), _baseline(None)
    extra = {"aws_s3_account_public_access_block", "aws_iam_account_password_policy", "aws_account_alternate_contact"}
    assert set(home.document["resource"]) - set(abroad.document["resource"]) == extra
    assert set(abroad.document["resource"]) <= set(home.document["resource"])


def test_internet_gateways_pass_what_the_level_lets_them() -> None:
    """The mode is that of the account's level; `off` makes no setting, so that a declarative policy may."""
    for mode in ("block-ingress", "block-bidirectional"):
        options = _baseline(None, mode).one("aws_vpc_block_public_access_options")
        assert options["internet_gateway_block_mode"] == mode
    assert _baseline(None, "off").all("aws_vpc_block_public_access_options") == {}


def test_what_a_declarative_policy_sets_the_account_does_not() -> None:
    """Beside a declarative policy of the organisation AWS refuses the account's own calls; what is not EC2's stays."""
    rendered = _baseline(None, None)
    for kind in (
        "aws_ebs_snapshot_block_public_access",
        "aws_ec2_image_block_public_access",
        "aws_ec2_instance_metadata_defaults",
        "aws_vpc_block_public_access_options",
    ):
        assert rendered.all(kind) == {}
        assert len(_baseline(None).all(kind)) == 1
    assert rendered.one("aws_ebs_encryption_by_default")["enabled"] is True


def test_default_security_groups_admit_nothing_and_no_default_vpc_is_made() -> None:
    """Existing default VPCs are looked up; their group has no rule; none is created where there is none."""
    rendered = _baseline({})
    group = rendered.one("aws_default_security_group")
    assert "ingress" not in group
    assert "egress" not in group
    assert group["for_each"].startswith("${toset(data.aws_vpcs.")
    assert "aws_default_vpc" not in rendered.document["resource"]
