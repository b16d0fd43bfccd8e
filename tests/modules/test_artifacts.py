"""Artefacts, images and packages that teams share keep what their docstrings guarantee."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest
from constructs import Construct
from pydantic import ValidationError

from modules.core.handshake import Edge
from modules.core.units import Units
from modules.core.wiring import holder
from modules.ml_platform.artifact_buckets import ArtifactBuckets, HandingOver
from modules.ml_platform.artifacts_settings import ArtifactsSettings, ImageCache, PackageSettings
from modules.ml_platform.edges import HANDS_OVER, INSTALLS, PULLS
from modules.ml_platform.images import Images
from modules.ml_platform.names import image_uri, package_index
from modules.ml_platform.packages import Packages
from modules.ml_platform.user import READ_PACKAGES, hands_over, installs, pulls
from tests.support.rendering import NAMING, Rendered, TestStack, render, statements

UNITS = Units("o-acme", ("o-acme/r-acme/ou-ml/*",))
SETTINGS = ArtifactsSettings()
BOUNDARY = "arn:aws:iam::222222222222:policy/boundary"
BUCKET, FOR_ALL = "arn:aws:s3:::acme-dev-fraud-artifacts", "arn:aws:s3:::acme-dev-ml-artifacts"
IN_UNITS = {
    "StringEquals": {"aws:PrincipalOrgID": "o-acme"},
    "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-acme/r-acme/ou-ml/*"},
}


def _arn(account: str, role: str) -> str:
    return f"arn:aws:iam::{account * 12}:role/{role}"


FRAUD_DEV = HandingOver(
    "3" * 12,
    (_arn("3", "acme-dev-fraud-pipeline"), _arn("3", "acme-dev-fraud-data-scientist")),
    (_arn("3", "acme-dev-fraud-pipeline"),),
    Edge(HANDS_OVER, "team fraud in fraud-dev", "shared"),
)
FRAUD_TEST = HandingOver(
    "4" * 12,
    (_arn("4", "acme-test-fraud-pipeline"),),
    (_arn("4", "acme-test-fraud-pipeline"),),
    Edge(HANDS_OVER, "team fraud in fraud-test", "shared"),
)
PULL = Edge(PULLS, "team fraud in fraud-dev", "shared")
INSTALL = Edge(INSTALLS, "team fraud in fraud-dev", "shared")


@pytest.fixture(name="sides", scope="module")
def _sides() -> set[tuple[Edge, str]]:
    return set()


@pytest.fixture(name="shared", scope="module")
def _shared(sides: set[tuple[Edge, str]]) -> Rendered:
    """For two teams' accounts, in the home region, beside another one."""

    def build(scope: Construct) -> None:
        _buckets(scope, UNITS, [FRAUD_DEV, FRAUD_TEST])
        _images(scope, UNITS, [PULL], ["eu-central-1"])
        Packages(scope, "packages", naming=NAMING, settings=SETTINGS.packages, units=UNITS, installs=[INSTALL])
        sides.update(cast(TestStack, holder(scope)).sides)

    return render(build)


@pytest.fixture(name="alone", scope="module")
def _alone() -> Rendered:
    """Where one account has every role, and packages come from nowhere else."""

    def build(scope: Construct) -> None:
        _buckets(scope, None, [])
        _images(scope, None, [], [])
        offline = PackageSettings(pypi=False)
        Packages(scope, "packages", naming=NAMING, settings=offline, units=None, installs=[])

    return render(build)


def _buckets(scope: Construct, units: Units | None, desks: list[HandingOver]) -> None:
    ArtifactBuckets(scope, "artifacts", naming=NAMING, settings=SETTINGS, units=units, teams={"fraud": desks})


def _images(scope: Construct, units: Units | None, edges: list[Edge], regions: list[str]) -> None:
    Images(
        scope,
        "images",
        naming=NAMING,
        settings=SETTINGS.images,
        boundary_arn=BOUNDARY,
        units=units,
        pulls=edges,
        regions=regions,
    )


def _policy(rendered: Rendered, kind: str, part: str, key: str = "policy") -> dict[str, dict[str, Any]]:
    """The statements of the resource of this type whose id holds `part`."""
    (found,) = (body for name, body in rendered.all(kind).items() if part in name)
    return statements(found[key])


def test_what_is_shared_is_read_by_the_units_of_teams_alone(shared: Rendered) -> None:
    """Of the bucket for all, under the organisation's id and the units' paths; nobody there writes."""
    policy = _policy(shared, "aws_s3_bucket_policy", "artifacts_shared")
    assert set(policy) == {"DenyInsecureTransport", "UnitsRead", "UnitsList"}
    assert (policy["UnitsRead"]["Resource"], policy["UnitsList"]["Resource"]) == (f"{FOR_ALL}/*", FOR_ALL)
    assert policy["UnitsRead"]["Condition"] == policy["UnitsList"]["Condition"] == IN_UNITS


def test_each_team_hands_over_in_its_own_bucket(shared: Rendered) -> None:
    """Named roles of the team's accounts read there, and those that hand over write; nobody deletes."""
    policy = _policy(shared, "aws_s3_bucket_policy", "teams_fraud")
    read, write = policy["TeamReads"], policy["TeamHandsOver"]
    assert read["Resource"] == write["Resource"] == f"{BUCKET}/*"
    assert policy["TeamLists"]["Condition"] == read["Condition"]
    assert read["Principal"] == {"AWS": [f"arn:aws:iam::{account * 12}:root" for account in "34"]}
    assert read["Condition"]["ArnEquals"]["aws:PrincipalArn"] == sorted([*FRAUD_DEV.readers, *FRAUD_TEST.readers])
    assert write["Condition"]["ArnEquals"]["aws:PrincipalArn"] == [*FRAUD_DEV.writers, *FRAUD_TEST.writers]
    assert all(each["Condition"]["StringEquals"] == IN_UNITS["StringEquals"] for each in (read, write))
    assert not [each for each in policy.values() if each["Effect"] == "Allow" and "Delete" in str(each["Action"])]


def test_the_key_of_artefacts_serves_these_buckets_alone(shared: Rendered) -> None:
    """Principals of the units use it through S3, for objects of the teams' buckets and of the one for all."""
    policy = _policy(shared, "aws_kms_key", "artifacts_key")
    assert policy["UnitsUseItForTheBuckets"]["Condition"] == {
        **IN_UNITS,
        "StringEquals": {"aws:PrincipalOrgID": "o-acme", "kms:ViaService": "s3.eu-west-1.amazonaws.com"},
        "StringLike": {"kms:EncryptionContext:aws:s3:arn": [FOR_ALL, "arn:aws:s3:::acme-dev-*-artifacts"]},
    }


def test_artefacts_can_be_had_back(shared: Rendered) -> None:
    """What is overwritten or deleted stays for the days that the settings say."""
    found = shared.all("aws_s3_bucket_lifecycle_configuration").items()
    days = {
        body["rule"][0]["noncurrent_version_expiration"][0]["noncurrent_days"]
        for name, body in found
        if "access-logs" not in name
    }
    assert days == {SETTINGS.noncurrent_days}


def test_every_side_is_rendered_where_it_is_written(shared: Rendered, sides: set[tuple[Edge, str]]) -> None:
    """Bucket and key for each account that hands over, repositories for images, domain and repository for packages."""
    assert shared.document
    assert sides == {
        *((each.edge, side) for each in (FRAUD_DEV, FRAUD_TEST) for side in ("bucket", "key")),
        (PULL, "repository"),
        (INSTALL, "domain"),
        (INSTALL, "repository"),
    }


def test_an_image_stays_what_its_tag_said(shared: Rendered) -> None:
    """Each repository has fixed tags, the key, a scan and a retention, and is not destroyed."""
    repositories = shared.all("aws_ecr_repository").values()
    assert {each["name"] for each in repositories} == {
        f"acme-dev-ml/{name}" for name in ("base", "inference", "studio", "training")
    }
    for each in repositories:
        assert each["image_tag_mutability"] == "IMMUTABLE"
        assert each["encryption_configuration"][0]["encryption_type"] == "KMS"
        assert each["image_scanning_configuration"]["scan_on_push"] is True
        assert each["lifecycle"]["prevent_destroy"] is True
    rules = [json.loads(each["policy"])["rules"][0] for each in shared.all("aws_ecr_lifecycle_policy").values()]
    assert {(each["selection"]["tagStatus"], each["selection"]["countNumber"]) for each in rules} == {("untagged", 14)}


def test_units_pull_images_and_push_none(shared: Rendered) -> None:
    """The policy of every repository admits them to read, and says nothing of other accounts."""
    policies = [statements(each["policy"]) for each in shared.all("aws_ecr_repository_policy").values()]
    assert len(policies) == 4
    for policy in policies:
        assert list(policy) == ["UnitsPull"]
        assert policy["UnitsPull"]["Condition"] == IN_UNITS
        assert not [each for each in policy["UnitsPull"]["Action"] if each.startswith(("ecr:Put", "ecr:Upload"))]


def test_every_image_is_scanned_for_as_long_as_it_is_kept(shared: Rendered) -> None:
    """Enhanced scanning of the whole registry, cached images included."""
    scanning = shared.one("aws_ecr_registry_scanning_configuration")
    assert (scanning["scan_type"], scanning["rule"][0]["scan_frequency"]) == ("ENHANCED", "CONTINUOUS_SCAN")
    assert scanning["rule"][0]["repository_filter"] == [{"filter": "*", "filter_type": "WILDCARD"}]


def test_images_are_replicated_to_regions_and_to_no_other_account(shared: Rendered, alone: Rendered) -> None:
    """Those of the platform alone; without another region there is no replication."""
    (rule,) = shared.one("aws_ecr_replication_configuration")["replication_configuration"]["rule"]
    assert rule["destination"] == [{"region": "eu-central-1", "registry_id": NAMING.account_id}]
    assert rule["repository_filter"] == [{"filter": "acme-dev-ml/", "filter_type": "PREFIX_MATCH"}]
    assert not alone.all("aws_ecr_replication_configuration")


def test_cached_images_are_kept_as_the_others(shared: Rendered) -> None:
    """What ECR makes for a cache has fixed tags, key and policy, before the first image is fetched."""
    template, rule = shared.one("aws_ecr_repository_creation_template"), shared.one("aws_ecr_pull_through_cache_rule")
    assert (template["prefix"], template["image_tag_mutability"]) == (rule["ecr_repository_prefix"], "IMMUTABLE")
    assert template["encryption_configuration"][0]["encryption_type"] == "KMS"
    assert list(statements(template["repository_policy"])) == ["UnitsPull"]
    assert any("creation_template" in each for each in rule["depends_on"])


def test_images_are_fetched_below_the_prefixes_of_caches_alone(shared: Rendered) -> None:
    """By the units, and by ECR as a role that makes no other repository."""
    below = "arn:aws:ecr:eu-west-1:222222222222:repository/ecr-public/*"
    fetched = shared.policy("aws_ecr_registry_policy")["UnitsPullThroughCaches"]
    assert (fetched["Resource"], fetched["Condition"]) == (below, IN_UNITS)
    assert _policy(shared, "aws_iam_role_policy", "caches_creator")["MakeRepositories"]["Resource"] == below


def test_a_registry_that_wants_credentials_gets_them() -> None:
    """Docker Hub without a secret, and AWS's public registry with one, are refused."""
    secret = "arn:aws:secretsmanager:eu-west-1:222222222222:secret:ecr-pullthroughcache/docker"
    assert ImageCache(upstream="registry-1.docker.io", credentials=secret).credentials == secret
    with pytest.raises(ValidationError, match=r"must have credentials: registry-1\.docker\.io"):
        ImageCache(upstream="registry-1.docker.io")
    with pytest.raises(ValidationError, match=r"must not have credentials"):
        ImageCache(upstream="public.ecr.aws", credentials=secret)


def test_packages_are_installed_without_the_internet(shared: Rendered, alone: Rendered) -> None:
    """One repository fetches from PyPI, and teams install from another; by a setting nothing is fetched at all."""
    by_name = {each["repository"]: each for each in shared.all("aws_codeartifact_repository").values()}
    assert by_name["pypi-store"]["external_connections"] == {"external_connection_name": "public:pypi"}
    assert "external_connections" not in by_name["packages"]
    assert len(by_name["packages"]["upstream"]) == 1
    assert [each["repository"] for each in alone.all("aws_codeartifact_repository").values()] == ["packages"]


def test_units_install_packages_and_publish_none(shared: Rendered) -> None:
    """They sign in to the domain and read one repository; the one that fetches from PyPI has no policy."""
    signed_in = shared.policy("aws_codeartifact_domain_permissions_policy", "policy_document")["UnitsSignIn"]
    installed = shared.policy("aws_codeartifact_repository_permissions_policy", "policy_document")["UnitsInstall"]
    assert signed_in["Action"] == "codeartifact:GetAuthorizationToken"
    assert signed_in["Condition"] == installed["Condition"] == IN_UNITS
    assert installed["Action"] == list(READ_PACKAGES)
    assert all(":repository/acme-dev-ml/packages" in each or "/packages/" in each for each in installed["Resource"])


def test_packages_are_kept_under_a_key_of_their_own(shared: Rendered) -> None:
    """The domain has it; domain and repositories are not destroyed by a plan."""
    assert "packages_key" in shared.one("aws_codeartifact_domain")["encryption_key"]
    kept = [*shared.all("aws_codeartifact_domain").values(), *shared.all("aws_codeartifact_repository").values()]
    assert all(each["lifecycle"]["prevent_destroy"] for each in kept)


def test_an_account_shares_nothing_with_itself(alone: Rendered) -> None:
    """Where no other account is served there is no policy for other accounts anywhere."""
    kinds = ("aws_ecr_repository_policy", "aws_ecr_registry_policy", "aws_codeartifact_domain_permissions_policy")
    assert not any(alone.all(kind) for kind in kinds)
    assert "repository_policy" not in alone.one("aws_ecr_repository_creation_template")
    for bucket in ("artifacts_shared", "teams_fraud"):
        assert list(_policy(alone, "aws_s3_bucket_policy", bucket)) == ["DenyInsecureTransport"]


def test_roles_reach_what_the_owner_admits(shared: Rendered) -> None:
    """Seam 8: of image, bucket, key and packages, what the role may do is what the policy of the owner admits."""
    stack = cast(Any, type("Stack", (), {"rendered": lambda *_: None})())
    found = {
        each.sid: each
        for each in (
            *pulls(stack, [(NAMING, PULL)], caches=["ecr-public"]),
            *hands_over(stack, FRAUD_DEV.edge, shared=NAMING, team="fraud", writes=True),
            *installs(stack, INSTALL, shared=NAMING),
        )
    }
    bucket = _policy(shared, "aws_s3_bucket_policy", "teams_fraud")
    key = _policy(shared, "aws_kms_key", "artifacts_key")
    repository = statements(next(iter(shared.all("aws_ecr_repository_policy").values()))["policy"])
    packages = shared.policy("aws_codeartifact_repository_permissions_policy", "policy_document")
    for role, owner in (
        (found["PullSharedImages"], repository["UnitsPull"]),
        (found["PullThroughCaches"], shared.policy("aws_ecr_registry_policy")["UnitsPullThroughCaches"]),
        (found["ReadArtifacts"], bucket["TeamReads"]),
        (found["HandOverArtifacts"], bucket["TeamHandsOver"]),
        (found["UseArtifactKey"], key["UnitsUseItForTheBuckets"]),
        (found["InstallPackages"], packages["UnitsInstall"]),
    ):
        assert list(role.actions) == owner["Action"], role.sid


def test_both_sides_compute_where_images_and_packages_are() -> None:
    """As Docker and pip want it."""
    assert image_uri(NAMING, "training") == "222222222222.dkr.ecr.eu-west-1.amazonaws.com/acme-dev-ml/training"
    host = "acme-dev-ml-222222222222.d.codeartifact.eu-west-1.amazonaws.com"
    assert package_index(NAMING) == f"https://{host}/pypi/packages/simple/"


def test_units_without_a_path_are_none() -> None:
    """A condition on no path is refused, as it would admit nobody, or everybody."""
    with pytest.raises(ValueError, match="name at least one"):
        Units("o-acme", ())
