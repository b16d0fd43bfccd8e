"""What was made by hand is adopted on the embedded AWS: nothing is made anew, nothing is lost, only tags change."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import cdktf
import pytest

from delivery.emulator import Emulator, override
from delivery.mirror import cli_config
from delivery.run_result import StackResult, Verb
from delivery.target import Target
from delivery.terraform import run
from environments.adoption import forgotten, imports
from environments.adoption_settings import AdoptedBucket, AdoptedDomain, Adoption
from environments.build import synthesise
from environments.graph import StackGraph
from environments.load import load
from environments.manifest import Manifest
from modules.core.bucket import Bucket, Retention
from modules.foundations.network.contract import SpokeContract
from modules.ml_platform.audience import Audience
from modules.ml_platform.portfolio import Portfolio
from modules.ml_use_case.studio_domain import StudioDomain
from modules.ml_use_case.studio_settings import StudioSettings
from modules.observability.contract import LogArchiveContract
from modules.observability.organization_trail import OrganizationTrail
from modules.observability.settings import TrailSettings
from tests.support.organisations import ROOT
from tests.support.rendering import TestStack
from tests.support.stacks import Silent

pytestmark = pytest.mark.e2e

MANAGEMENT, REGION = "111111111111", "eu-west-1"
SMALL = ROOT / "examples" / "small"
ORGANIZATION = "management-organization"
TAGS = {"tags", "tags_all"}
# Arguments of Terraform's own: it is told nothing of them by AWS, and tells AWS nothing when they change.
OWN = {"close_on_deletion", "create_govcloud", "force_destroy"}
NOBODY = Audience(organization_id="o-ours", units=None, recipients=(), account_ids=(), people={}, teams={}, edges={})
Client = Callable[[str], Any]


@pytest.fixture(name="emulator", scope="module")
def _emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH: run `make terraform` and put .mlgov/bin on PATH")
    log = tmp_path_factory.mktemp("emulator") / "emulator.log"
    with Emulator(log, management_account=MANAGEMENT, region=REGION) as running:
        yield running


@pytest.fixture(name="client", scope="module")
def _client(emulator: Emulator) -> Client:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": REGION}
    return lambda service: boto3.client(service, endpoint_url=emulator.endpoint, **keys)


def changed(plan: Mapping[str, Any]) -> dict[str, set[str]]:
    """What is imported, with the arguments that change."""
    found = {}
    for resource in plan["resource_changes"]:
        change = resource["change"]
        if "importing" in change:
            assert not {"create", "delete"} & set(change["actions"]), resource["address"]
            before, after = change["before"], change["after"]
            found[resource["address"]] = {
                key
                for key in before.keys() | after.keys()
                if before.get(key) != after.get(key) and _said(before, after, key)
            }
    return found


def _said(before: Mapping[str, Any], after: Mapping[str, Any], key: str) -> bool:
    """Whether one of the two says something: Terraform takes nothing, and nothing of nothing, for the same."""
    return _full(before.get(key)) != _full(after.get(key))


def _full(value: Any) -> Any:
    """`value` without what is empty."""
    if isinstance(value, dict):
        return {key: kept for key, child in value.items() if (kept := _full(child)) not in (None, "", [], {})}
    if isinstance(value, list):
        return [_full(child) for child in value]
    return value


def test_an_organisation_made_by_hand_is_adopted(emulator: Emulator, client: Client, tmp_path: Path) -> None:
    """Organisation, units and accounts: a plan that makes none of them and changes only tags; then a clean one."""
    yaml = _organisation_by_hand(client, tmp_path)
    synthesise(yaml, tmp_path / "out", select=f"management-bootstrap,{ORGANIZATION}")
    manifest = Manifest.read(tmp_path / "out")
    folder = tmp_path / "work" / "minnow" / "emulated"

    def deliver(verb: Verb) -> StackResult:
        (stack,) = run(
            verb,
            manifest,
            tmp_path / "out",
            target=Target.emulator(emulator, override),
            work=tmp_path / "work",
            reporter=Silent(),
            allowed=lambda stack_id, sha256: True,
            select=ORGANIZATION,
        ).stacks
        assert stack.failure is None, stack.failure.describe()
        return stack

    planned = deliver("plan").changes
    assert planned is not None
    assert (planned.adopt, planned.destroy, planned.replace) == (5, 0, 0)
    plan = next(folder.rglob("tfplan"))
    shown = subprocess.run(
        ["terraform", "show", "-json", str(plan)], cwd=plan.parents[1], capture_output=True, text=True, check=True
    )
    found = changed(json.loads(shown.stdout))
    assert {address.partition(".")[0] for address in found} == {
        "aws_organizations_account",
        "aws_organizations_organization",
        "aws_organizations_organizational_unit",
    }
    assert set().union(*found.values()) <= TAGS | OWN, found
    assert deliver("apply").status == "applied"
    assert deliver("plan").status == "unchanged", "import blocks whose import is done may stay"


def _organisation_by_hand(client: Client, tmp_path: Path) -> Path:
    """Make the small organisation by hand, and the bucket of its state; returns YAML that adopts it."""
    aws = client("organizations")
    organization = aws.create_organization(FeatureSet="ALL")["Organization"]["Id"]
    root = aws.list_roots()["Roots"][0]["Id"]
    settings = load(SMALL).settings("org").foundations
    for principal in settings.trusted_services:
        aws.enable_aws_service_access(ServicePrincipal=principal)
    for kind in settings.organization.policy_types:
        aws.enable_policy_type(RootId=root, PolicyType=kind)
    units, accounts = {}, {}
    for key, shown in (("platform", "Platform"), ("workloads", "Workloads")):
        unit = aws.create_organizational_unit(ParentId=root, Name=shown)["OrganizationalUnit"]["Id"]
        name = key.removesuffix("s")
        made = aws.create_account(Email=f"aws-{name}@minnow.example", AccountName=f"{shown} (old)")
        accounts[name] = made["CreateAccountStatus"]["AccountId"]
        aws.move_account(AccountId=accounts[name], SourceParentId=root, DestinationParentId=unit)
        units[key] = unit
    _bucket_of_state(client)
    shutil.copytree(SMALL, tmp_path / "config")
    file = tmp_path / "config" / "organization.yaml"
    text = file.read_text(encoding="utf-8")
    for name, id_ in accounts.items():
        text = text.replace(f"email: aws-{name}@", f'id: "{id_}"\n    email: aws-{name}@')
    adopt = {
        "organization": organization,
        "units": units,
        "accounts": {"platform": "Platform (old)", "workload": "Workloads (old)"},
    }
    file.write_text(f"{text}\nadopt: {json.dumps(adopt)}\n", encoding="utf-8")
    return file.parent


def _bucket_of_state(client: Client) -> None:
    bucket = "minnow-org-tfstate"
    client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    kms = client("kms")
    kms.create_alias(AliasName=f"alias/{bucket}", TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])


class Stack:
    """A stack of Terraform JSON with local state, on the emulator."""

    def __init__(self, folder: Path, emulator: Emulator) -> None:
        folder.mkdir()
        self._folder = folder
        self._environment = {**os.environ, **emulator.environment(), "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
        if (config := cli_config(folder.parent / "cli")) is not None:
            self._environment["TF_CLI_CONFIG_FILE"] = str(config)

    def write(self, document: Mapping[str, Any], **blocks: Any) -> None:
        """What the stack is from now on."""
        provider = {"region": REGION, "s3_use_path_style": True, "default_tags": [{"tags": {"ManagedBy": "mlgov"}}]}
        content = {
            "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}},
            "provider": {"aws": [provider]},
            "resource": document["resource"],
            **blocks,
        }
        (self._folder / "cdk.tf.json").write_text(json.dumps(content), encoding="utf-8")

    def terraform(self, *arguments: str) -> str:
        """Run one command; one that fails fails the test with Terraform's own words."""
        done = subprocess.run(
            ["terraform", *arguments],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout


class Workplace:
    """What the constructs of trail, portfolio, bucket and domain make of a network, a role and a key made by hand."""

    def __init__(self, client: Client, tmp_path: Path) -> None:
        ec2 = client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
        self.network = SpokeContract(
            attachment_id="tgw-attach-1",
            vpc_id=vpc,
            private_subnet_ids=[ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.0.0/24")["Subnet"]["SubnetId"]],
            workload_security_group_id=ec2.create_security_group(GroupName="w", Description="w", VpcId=vpc)["GroupId"],
        )
        trust = json.dumps({"Version": "2012-10-17", "Statement": []})
        self.role = client("iam").create_role(RoleName="work", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        self.key = client("kms").create_key()["KeyMetadata"]["Arn"]
        self._organization, self._folder = load(SMALL), tmp_path

    def graph(self, adopt: Adoption) -> StackGraph:
        """The small organisation, which adopts something."""
        return StackGraph(self._organization.model_copy(update={"adopt": adopt}))

    def document(self, graph: StackGraph) -> dict[str, Any]:
        """The four as Terraform JSON, in one stack."""
        naming, studio = graph.naming(graph.nodes["management-trail"]), StudioSettings()
        stack = TestStack(cdktf.App(outdir=str(self._folder), stack_traces=False, skip_validation=True))
        logs = LogArchiveContract(key_arn=self.key, **LogArchiveContract.names(naming))
        OrganizationTrail(stack, "trail", naming=naming, settings=TrailSettings(), logs=logs)
        Portfolio(
            stack,
            "platform-products",
            naming=naming,
            name="platform-products",
            description="What a team takes",
            products=[],
            audience=NOBODY,
            tag_options={},
        )
        retention = Retention(noncurrent_days=90, infrequent_after_days=60)
        Bucket(stack, "raw", naming=naming, what="orders-raw", key_arn=self.key, retention=retention)
        StudioDomain(
            stack,
            "domain",
            naming=naming,
            settings=studio,
            offer=studio.offers.sandbox,
            team="scoring",
            sso=False,
            role_arn=self.role,
            key_arn=self.key,
            network=self.network,
            scripts={},
            images={"JupyterLab": [], "CodeEditor": []},
        )
        document: dict[str, Any] = stack.to_terraform()
        return document


def test_what_teams_made_by_hand_is_adopted_and_moves_to_another_stack(
    emulator: Emulator, client: Client, tmp_path: Path
) -> None:
    """Trail, portfolio, domain and bucket are imported, only tags change; the blocks may go; a stack gives one away."""
    place = Workplace(client, tmp_path)
    names = Adoption(
        trail="old-trail",
        domains={"scoring": AdoptedDomain(id="d-0", name="Old-Studio")},
        buckets={"minnow-org-orders-raw": AdoptedBucket(name="old-lake")},
    )
    portfolio, domain = _made_by_hand(client, place.document(place.graph(names)))
    graph = place.graph(
        names.model_copy(
            update={
                "portfolios": {"platform-products": portfolio},
                "domains": {"scoring": AdoptedDomain(id=domain, name="Old-Studio")},
            }
        )
    )
    document, blocks = place.document(graph), dict[str, str]()
    for stack_id in ("management-trail", "platform-portfolio", "workload-studio-scoring"):
        blocks |= {each.address: each.id for each in imports(graph, graph.nodes[stack_id], document)}
    one = Stack(tmp_path / "one", emulator)
    one.write(document, **{"import": [{"to": address, "id": id_} for address, id_ in blocks.items()]})
    one.terraform("init")
    assert "Plan: 10 to import, 0 to add, 4 to change, 0 to destroy" in one.terraform("plan", "-no-color", "-out=plan")
    found = changed(json.loads(one.terraform("show", "-json", "plan")))
    assert found.keys() == blocks.keys()
    assert set().union(*found.values()) <= TAGS | OWN, found
    one.terraform("apply", "plan")

    # The import blocks go, and the portfolio goes to another stack.
    (address,) = (each for each in blocks if each.startswith("aws_servicecatalog_portfolio."))
    moving = place.graph(
        Adoption(forget={"management-trail": (address,)}, resources={"platform-portfolio": {address: portfolio}})
    )
    type_, _, name = address.partition(".")
    other = {"resource": {type_: {name: document["resource"].pop(type_)[name]}}}
    gone = forgotten(moving, moving.nodes["management-trail"], document)
    one.write(document, removed=[{"from": each, "lifecycle": {"destroy": False}} for each in gone])
    two = Stack(tmp_path / "two", emulator)
    taken = imports(moving, moving.nodes["platform-portfolio"], other)
    two.write(other, **{"import": [each.block for each in taken]})
    two.terraform("init")
    assert "1 imported, 0 added, 0 changed, 0 destroyed" in two.terraform("apply", "-auto-approve", "-no-color")
    assert "0 added, 0 changed, 0 destroyed" in one.terraform("apply", "-auto-approve", "-no-color")
    assert address not in one.terraform("state", "list")
    one.terraform("plan", "-detailed-exitcode")  # 2 when something would change
    assert client("servicecatalog").describe_portfolio(Id=portfolio)["PortfolioDetail"]["Id"] == portfolio


def _made_by_hand(client: Client, document: Mapping[str, Any]) -> tuple[str, str]:
    """Make with boto3 what the document says, under the names of old; returns the ids of portfolio and domain."""
    resources = document["resource"]
    trail, portfolio, domain, policy = (
        next(iter(resources[f"aws_{type_}"].values()))
        for type_ in ("cloudtrail", "servicecatalog_portfolio", "sagemaker_domain", "s3_bucket_policy")
    )
    _trail_by_hand(client, trail)
    _bucket_by_hand(client, policy["policy"], trail["kms_key_id"])
    details = client("servicecatalog").create_portfolio(
        DisplayName=portfolio["name"], ProviderName=portfolio["provider_name"], Description=portfolio["description"]
    )
    said = _camel(
        {key: value for key, value in domain.items() if key not in ("//", "lifecycle", "retention_policy", "tags")}
    )
    arn = client("sagemaker").create_domain(**said)["DomainArn"]
    return details["PortfolioDetail"]["Id"], arn.rpartition("/")[2]


def _trail_by_hand(client: Client, trail: Mapping[str, Any]) -> None:
    location = {"LocationConstraint": REGION}
    client("s3").create_bucket(Bucket=trail["s3_bucket_name"], CreateBucketConfiguration=location)
    aws = client("cloudtrail")
    aws.create_trail(
        Name="old-trail",
        S3BucketName=trail["s3_bucket_name"],
        KmsKeyId=trail["kms_key_id"],
        IsOrganizationTrail=True,
        IsMultiRegionTrail=True,
        IncludeGlobalServiceEvents=True,
        EnableLogFileValidation=True,
    )
    aws.start_logging(Name="old-trail")
    selectors = [
        {
            "Name": each["name"],
            "FieldSelectors": [
                {"Equals" if key == "equal_to" else _word(key): value for key, value in field.items()}
                for field in each["field_selector"]
            ],
        }
        for each in trail["advanced_event_selector"]
    ]
    aws.put_event_selectors(TrailName="old-trail", AdvancedEventSelectors=selectors)
    aws.put_insight_selectors(TrailName="old-trail", InsightSelectors=_camel(trail["insight_selector"]))


def _bucket_by_hand(client: Client, policy: str, key: str) -> None:
    s3, bucket = client("s3"), {"Bucket": "old-lake"}
    s3.create_bucket(**bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(**bucket, VersioningConfiguration={"Status": "Enabled"})
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}
    s3.put_bucket_encryption(**bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    blocks = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    s3.put_public_access_block(**bucket, PublicAccessBlockConfiguration=dict.fromkeys(blocks, True))
    s3.put_bucket_ownership_controls(
        **bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    )
    s3.put_bucket_policy(**bucket, Policy=policy)
    retention = {
        "ID": "retention",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "Transitions": [{"Days": 60, "StorageClass": "STANDARD_IA"}],
        "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
    s3.put_bucket_lifecycle_configuration(**bucket, LifecycleConfiguration={"Rules": [retention]})


def _word(key: str) -> str:
    """Terraform's `kms_key_id` as AWS's `KmsKeyId`."""
    return "".join(part.capitalize() for part in key.split("_"))


def _camel(value: Any) -> Any:
    """What Terraform's JSON says in AWS's words; empty lists are blocks that are not there."""
    if isinstance(value, dict):
        return {_word(key): _camel(child) for key, child in value.items() if child != []}
    if isinstance(value, list):
        return [_camel(child) for child in value]
    return value
