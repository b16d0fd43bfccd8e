"""The bucket of passports, who may touch it, and what the settings and demands of a project come to."""

from __future__ import annotations

import ast
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

import pytest
from constructs import Construct
from pydantic import TypeAdapter, ValidationError

from modules.core.retention import is_stateful
from modules.foundations.persona_platform import ml_governance_lead, security_auditor
from modules.foundations.persona_words import Scope
from modules.ml_operations import names, passport_settings
from modules.ml_operations.passport import model, store
from modules.ml_operations.passport.bundle import from_json
from modules.ml_operations.passport_demands import JudgedModel, demands, environment
from modules.ml_operations.passport_permissions import CentralVersions, issues, reads
from modules.ml_operations.passport_settings import PassportSettings, RiskDemands, ScanWaiver
from modules.ml_operations.passports import Passports
from modules.ml_operations.release_scripts import release_scripts
from tests.support.rendering import NAMING, Rendered, render, statements

CENTRAL = replace(NAMING, environment="prod", account="ml-shared-services-prod", account_id="999999999999")
MODEL = JudgedModel(
    project="card-fraud",
    team="fraud",
    risk="high",
    metric="roc_auc",
    at_least=0.85,
    at_most=None,
    facets=("last_channel",),
    queried=True,
    features=("card-velocity",),
    tested=True,
)
VERSIONS = CentralVersions(
    group="acme-prod-fraud-card-fraud",
    bucket_arn="arn:aws:s3:::acme-prod-ml-models",
    prefix="models/fraud/card-fraud/",
    key_alias="alias/acme-prod-ml-models",
    repositories="arn:aws:ecr:eu-west-1:999999999999:repository/acme-prod-ml/*",
)
WAIVER = {"finding": "CVE-2026-0001", "until": "2026-12-31", "reason": "not reachable from the handler"}


def _build(scope: Construct) -> None:
    boundary = "arn:aws:iam::999999999999:policy/boundary"
    Passports(scope, "passports", naming=CENTRAL, settings=PassportSettings(), boundary_arn=boundary)


@pytest.fixture(name="passports", scope="module")
def _passports() -> Rendered:
    return render(_build)


def _policy(passports: Rendered) -> dict[str, dict[str, Any]]:
    (found,) = (body for name, body in passports.all("aws_s3_bucket_policy").items() if "bucket_policy" in name)
    return statements(found["policy"])


def test_nobody_deletes_a_passport_or_shortens_how_long_it_is_kept(passports: Rendered) -> None:
    """Compliance mode for ten full years by default; deleting and changing retention are denied to everybody."""
    rule = passports.one("aws_s3_bucket_object_lock_configuration")["rule"]
    assert rule == {"default_retention": {"days": 3660, "mode": "COMPLIANCE"}}
    denied = _policy(passports)["NothingElseIsDone"]
    assert (denied["Effect"], denied["Principal"]) == ("Deny", "*")
    assert "Condition" not in denied
    assert {"s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObjectRetention"} <= set(denied["Action"])
    assert is_stateful("aws_s3_bucket")


def test_only_the_stage_passport_writes(passports: Rendered) -> None:
    """Who is no role `release--<project>--passport` of this account is denied; each role writes its own project's."""
    denied = _policy(passports)["OnlyTheStagePassportWrites"]
    assert (denied["Effect"], denied["Principal"], denied["Action"]) == ("Deny", "*", "s3:PutObject")
    pattern = denied["Condition"]["ArnNotLike"]["aws:PrincipalArn"]
    assert fnmatchcase(CENTRAL.role_arn(names.build_role("card-fraud", "passport")), pattern)
    assert not fnmatchcase(CENTRAL.role_arn(names.build_role("card-fraud", "deploy-prod")), pattern)
    given = {statement.sid: statement for statement in issues(CENTRAL, "card-fraud", VERSIONS)}
    assert given["IssuePassports"].resources == ("arn:aws:s3:::acme-prod-model-passports/passports/card-fraud/*",)
    place = store.key("card-fraud", "arn:aws:sagemaker:eu-west-1:999999999999:model-package/g/3", "0a")
    assert place == "passports/card-fraud/3/0a.json"


def test_no_passport_is_written_over(passports: Rendered) -> None:
    """A write that would take what is there is denied, whoever asks: S3 must be told to write only what is new."""
    denied = _policy(passports)["NothingIsWrittenOver"]
    assert denied["Condition"] == {"Null": {"s3:if-none-match": "true"}}
    assert denied["Effect"] == "Deny"


def test_people_read_as_one_role_that_auditors_and_governance_become(passports: Rendered) -> None:
    """The role reads and does nothing else; both permission sets may become it, and its trust names both."""
    role = passports.one("aws_iam_role")
    assert role["name"] == "acme-prod-model-passport-reader"
    (trust,) = statements(role["assume_role_policy"]).values()
    patterns = trust["Condition"]["ArnLike"]["aws:PrincipalArn"]
    assert [pattern.rpartition("mlgov-")[2] for pattern in patterns] == ["ml-governance-lead_*", "security-auditor_*"]
    actions = {str(statement["Action"]) for statement in passports.policy("aws_iam_role_policy").values()}
    assert actions == {"s3:GetObject", "s3:ListBucket", "kms:Decrypt"}
    for permissions in (ml_governance_lead, security_auditor):
        (asks,) = (each for each in permissions(Scope("aws", "acme")) if each.sid == "ReadPassports")
        assert fnmatchcase("arn:aws:iam::999999999999:role/acme-prod-model-passport-reader", asks.resources[0])


def test_passports_are_encrypted_by_their_own_key_and_access_is_logged(passports: Rendered) -> None:
    """The key is open to nobody but its account; the access log lies in a bucket of its own."""
    assert set(passports.policy("aws_kms_key")) == {"AccountDecidesByIam"}
    assert len(passports.all("aws_s3_bucket_logging")) == 1
    assert "DenyInsecureTransport" in _policy(passports)


def test_the_stage_reads_evidence_of_its_project_alone() -> None:
    """Versions, card and files of the project's group; what has no resources in IAM is Inspector's."""
    given = {statement.sid: statement for statement in issues(CENTRAL, "card-fraud", VERSIONS)}
    everywhere = [sid for sid, statement in given.items() if "*" in statement.resources]
    assert everywhere == ["ReadFindings"]
    assert given["ReadFiles"].resources == ("arn:aws:s3:::acme-prod-ml-models/models/fraud/card-fraud/*",)
    assert given["ReadVersion"].resources[0].endswith(":model-package/acme-prod-fraud-card-fraud/*")
    written = [each for each in given.values() if any("Put" in action for action in each.actions)]
    assert [statement.sid for statement in written] == ["IssuePassports"]


def test_who_deploys_reads_passports_and_writes_none() -> None:
    """What deployments are given holds no action that writes."""
    actions = {action for statement in reads(CENTRAL, "card-fraud") for action in statement.actions}
    assert actions == {"s3:GetObject", "s3:ListBucket", "kms:Decrypt"}


def test_more_is_asked_of_a_model_of_more_risk() -> None:
    """By default: high risk needs two approvers and an approved card."""
    asked = {risk: demands(replace(MODEL, risk=risk), PassportSettings(), ()) for risk in ("low", "medium", "high")}
    assert {risk: each.approvers for risk, each in asked.items()} == {"low": 1, "medium": 1, "high": 2}
    assert {risk: each.card for risk, each in asked.items()} == {
        "low": "PendingReview",
        "medium": "PendingReview",
        "high": "Approved",
    }


def test_what_a_model_is_made_of_decides_what_its_release_shows() -> None:
    """Bias where there are facets, the query where it reads a table: of files nobody asks for one."""
    full = demands(MODEL, PassportSettings(), ("141502667606",))
    assert "model-bias" in full.baselines
    assert {"query_sha256", "commit", "dataset"} <= set(full.lineage)
    plain = demands(replace(MODEL, facets=(), queried=False, features=()), PassportSettings(), ())
    assert "model-bias" not in plain.baselines
    assert "query_sha256" not in plain.lineage


def test_the_build_is_told_the_demands_and_the_bucket() -> None:
    """With as many waivers as settings take, all variables of the build stay within CodeBuild's 5,500 characters."""
    waivers = tuple(
        ScanWaiver(finding=f"CVE-2026-{number:05d}{'x' * 50}", until="2026-12-31", reason="r" * 160)
        for number in range(15)
    )
    told = environment(CENTRAL, MODEL, PassportSettings(waivers=waivers), ("141502667606", "763104351884"))
    assert told["PASSPORT_BUCKET"] == "acme-prod-model-passports"
    assert from_json(model.Demands, told["PASSPORT_DEMANDS"]).waivers[14].finding == waivers[14].finding
    assert sum(len(name) + len(value) for name, value in told.items()) < 5_500


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"waivers": [WAIVER, WAIVER]}, "repeats CVE-2026-0001"),
        ({"waivers": [{**WAIVER, "until": "2026-02-30"}]}, "must be a day"),
        (
            {"low": {"approvers": 2}, "medium": {"approvers": 1}},
            "less of medium than of low risk: raise medium.approvers",
        ),
        ({"low": {"card": "Approved"}}, "less of medium than of low risk: raise medium.card"),
        (
            {"high": {"approvers": 2, "card": "Approved", "refuses": ["HIGH"]}},
            "less of high than of medium risk: raise high.refuses",
        ),
        ({"keep_years": 0}, "greater than or equal to 1"),
    ],
)
def test_settings_that_protect_less_than_they_say_are_refused(settings: dict[str, Any], words: str) -> None:
    """A day that is none, a waiver twice, less for more risk, no years: each is told."""
    with pytest.raises(ValidationError, match=words):
        PassportSettings.model_validate_json(json.dumps(settings))
    assert RiskDemands().refuses == ("CRITICAL",)


def test_all_that_the_stage_imports_of_ours_is_in_the_archive_of_releases() -> None:
    """The build has Python, boto3 and the archive: nothing of ours that is imported there is left out of it."""
    with zipfile.ZipFile(io.BytesIO(release_scripts().content)) as archive:
        there = set(archive.namelist())
        sources = [archive.read(name) for name in there if "/passport/" in name]
    assert len(sources) > 5
    imported = {name for source in sources for name in _imports(source)}
    ours = {name for name in imported if name.startswith("modules.")}
    assert all({f"{name.replace('.', '/')}{end}" for end in (".py", "/__init__.py")} & there for name in ours)
    assert {name.partition(".")[0] for name in imported - ours} <= {"boto3", "botocore", *sys.stdlib_module_names}


def _imports(source: bytes) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("name", ["CardStatus", "Risk", "Severity"])
def test_settings_and_passports_use_the_same_words(name: str) -> None:
    """What YAML may say is what the runtime package knows: it cannot import the settings, which need pydantic."""
    words = [TypeAdapter(getattr(module, name)).json_schema()["enum"] for module in (model, passport_settings)]
    assert words[0] == words[1]
