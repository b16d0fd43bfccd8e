"""The stage Passport: what it collects from AWS, what it stores once, and what it refuses to release."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.response import StreamingBody
from jsonschema import Draft202012Validator

from modules.ml_operations import layout, passport_schema
from modules.ml_operations.functions.promote_model import files as promoted
from modules.ml_operations.functions.promote_model.approval import Approval
from modules.ml_operations.functions.promote_model.files import Copied
from modules.ml_operations.identity import acts_as, person
from modules.ml_operations.passport.__main__ import Handed, issue, main
from modules.ml_operations.passport.bundle import from_json, read, sha256, to_json
from modules.ml_operations.passport.files import PART, checksum
from modules.ml_operations.passport.model import Demands, Passport, PassportError
from modules.ml_operations.passport.verify import stored, verified
from modules.ml_operations.passport_permissions import CentralVersions, issues
from tests.modules import test_passport_evidence as given
from tests.support.rendering import NAMING

APPROVED = Approval(given.BUILD, given.IN_DEV.by, given.IN_DEV.at)  # as the promotion tells it
FOLDER = "models/fraud/card-fraud/7/"
FILES, BUCKET, PASSPORTS = f"s3://acme-prod-ml-models/{FOLDER}", "acme-prod-ml-models", "acme-prod-model-passports"
OWN_IMAGE = "999999999999.dkr.ecr.eu-west-1.amazonaws.com/acme-prod-ml/training@sha256:" + "e" * 64
BIAS = {"facets": {"last_channel": [{"value_or_threshold": "online", "metrics": [{"name": "DPL", "value": 0.1}]}]}}
CONTENT: Mapping[str, Any] = {
    "model/0/model.tar.gz": "weights",
    "metrics/model-quality/statistics.json": {"binary_classification_metrics": {"roc_auc": {"value": 0.91}}},
    "metrics/model-bias/pre-training-report.json": {"pre_training_bias_metrics": BIAS},
    "metrics/model-bias/post-training-report.json": {"post_training_bias_metrics": BIAS},
    "metrics/model-explainability/report.json": {
        "explanations": {"kernel_shap": {"label0": {"global_shap_values": {"amount": 0.4, "hour": 0.1}}}}
    },
    **{f"baselines/{kind}/constraints.json": {"version": 1} for kind in layout.MONITOR_KINDS},
    **{f"baselines/{kind}/statistics.json": {"version": 1} for kind in ("data-quality", "model-quality")},
}
Answers = dict[str, Callable[[dict[str, Any]], Any]]


class Refusal(Exception):
    """An answer of AWS that is an error."""


class Clients:
    """Real clients, whose requests botocore checks; `aws` answers, and nothing leaves the process."""

    def __init__(self) -> None:
        self.aws = Aws()
        self.called: set[str] = set()
        session = botocore.session.Session()
        self._made = {name: self._client(session, name) for name in ("sagemaker", "s3", "ecr")}

    def __call__(self, service: str) -> Any:
        """The client of the service."""
        return self._made[service]

    def _client(self, session: botocore.session.Session, service: str) -> Any:
        client = session.create_client(
            service, region_name="eu-west-1", aws_access_key_id="testing", aws_secret_access_key="testing"
        )
        client.meta.events.register("provide-client-params.*.*", self._remember)
        client.meta.events.register("before-call.*.*", self._answer)
        return client

    def _remember(self, params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
        context["asked"] = params

    def _answer(self, model: Any, context: dict[str, Any], **_: object) -> tuple[Any, Any]:
        self.called.add(f"{model.service_model.service_name}:{model.name}")
        try:
            return _Http(200), self.aws.answers[model.name](context["asked"])
        except Refusal as error:
            return _Http(400), {"Error": {"Code": str(error), "Message": "told by the test"}}


class Aws:
    """The central registry with one version, all of whose evidence is there."""

    def __init__(self) -> None:
        files = {path: _bytes(content) for path, content in CONTENT.items()}
        said = {"source_version": str(given.EVIDENCE.source_version), **asdict(APPROVED)}
        copied = [Copied(path, len(file), _checksum(file), f"s3://dev/{path}") for path, file in files.items()]
        manifest = promoted.manifest(said, copied)
        self.objects = {f"{FOLDER}{path}": file for path, file in files.items()}
        self.objects[f"{FOLDER}{layout.MANIFEST}"] = manifest
        self.passports: dict[str, bytes] = {}
        self.package = _package(hashlib.sha256(manifest).hexdigest())
        self.card = {"intended_uses": {"risk_rating": "High"}, "model_overview": {"model_owner": "fraud@acme.example"}}
        self.findings = [{"packageVulnerabilityDetails": {"vulnerabilityId": "CVE-2026-0001"}, "severity": "CRITICAL"}]
        self.answers: Answers = {
            "DescribeModelPackage": lambda _: self.package,
            "ListModelCardVersions": lambda _: {"ModelCardVersionSummaryList": [{"ModelCardVersion": 5}]},
            "DescribeModelCard": lambda _: self._card(),
            "DescribeImageScanFindings": lambda _: {
                "imageScanStatus": {"status": "ACTIVE"},
                "imageScanFindings": {"findingSeverityCounts": {"CRITICAL": 1}, "enhancedFindings": self.findings},
            },
            "ListObjectsV2": lambda asked: {
                "Contents": [{"Key": key} for key in self.objects if key.startswith(asked["Prefix"])]
            },
            "GetObject": self._get,
            "PutObject": self._put,
        }

    def _card(self) -> dict[str, Any]:
        content = {**self.card, "model_package_details": {"model_package_arn": given.ARN}}
        return {"ModelCardVersion": 5, "ModelCardStatus": "Approved", "Content": json.dumps(content)}

    def _get(self, asked: dict[str, Any]) -> dict[str, Any]:
        found = (self.passports if asked["Bucket"] == PASSPORTS else self.objects).get(asked["Key"])
        if found is None:
            raise Refusal("NoSuchKey")
        return {"Body": StreamingBody(io.BytesIO(found), len(found))}

    def _put(self, asked: dict[str, Any]) -> dict[str, Any]:
        assert asked["Bucket"] == PASSPORTS
        assert asked["IfNoneMatch"] == "*"
        body = asked["Body"].read()  # as botocore sends it
        assert asked["ChecksumAlgorithm"] == "SHA256"
        if asked["Key"] in self.passports:
            raise Refusal("PreconditionFailed")
        self.passports[asked["Key"]] = body
        return {}


class _Http:
    def __init__(self, status_code: int) -> None:
        self.status_code = status_code


def _bytes(content: object) -> bytes:
    return content.encode() if isinstance(content, str) else json.dumps(content).encode()


def _checksum(file: bytes) -> str:
    return base64.b64encode(hashlib.sha256(file).digest()).decode()


def _package(manifest: str) -> dict[str, Any]:
    def file(path: str) -> dict[str, str]:
        return {"ContentType": "application/json", "S3Uri": f"{FILES}metrics/{path}"}

    return {
        "ModelPackageGroupName": "acme-prod-fraud-card-fraud",
        "ModelApprovalStatus": "Approved",
        "CreatedBy": {"IamIdentity": {"Arn": given.SYNC}},
        "LastModifiedBy": {"IamIdentity": {"Arn": given.CENTRAL.by}},
        "LastModifiedTime": datetime(2026, 11, 21, 9, tzinfo=UTC),
        "CustomerMetadataProperties": {
            **given.EVIDENCE.lineage,
            layout.SOURCE_VERSION: given.EVIDENCE.source_version,
            layout.MANIFEST_HASH: manifest,
            layout.FILES: FILES,
        },
        "ModelMetrics": {
            "ModelQuality": {"Statistics": file("model-quality/statistics.json")},
            "Bias": {
                "PreTrainingReport": file("model-bias/pre-training-report.json"),
                "PostTrainingReport": file("model-bias/post-training-report.json"),
            },
            "Explainability": {"Report": file("model-explainability/report.json")},
        },
        "InferenceSpecification": {
            "Containers": [{"Image": OWN_IMAGE, "ModelDataUrl": f"{FILES}model/0/model.tar.gz"}]
        },
    }


@pytest.fixture(name="clients", scope="module")
def _clients() -> Clients:
    return Clients()


@pytest.fixture(name="aws")
def _aws(clients: Clients) -> Aws:
    clients.aws = Aws()
    return clients.aws


@pytest.fixture(name="handed")
def _handed(tmp_path: Path) -> Handed:
    """What the stages before handed on."""
    folders = {f"CODEBUILD_SRC_DIR_{name}": str(tmp_path) for name in ("prepared", "tested")}
    found = Handed.of(folders, tmp_path / "passport")
    checks = [{"name": "answers", "passed": True, "detail": "20 of 20", "seconds": 1}]
    tested = {"execution_id": "e-1", "model_package_arn": given.ARN, "place": "test", "passed": True, "checks": checks}
    assert found.tests is not None
    found.release.write_text(json.dumps({"model_package_arn": given.ARN, "version": "3", "passport": "none"}))
    found.tests.write_text(json.dumps(tested))
    return found


TOLD = {"PASSPORT_DEMANDS": to_json(given.DEMANDS).decode(), "PASSPORT_BUCKET": PASSPORTS, "EXECUTION_ID": "e-1"}


def _passport() -> bytes:
    return to_json(Passport(1, given.TODAY.isoformat(), given.DEMANDS, given.EVIDENCE))


def test_a_whole_version_gets_a_passport_that_deployments_find(aws: Aws, clients: Clients, handed: Handed) -> None:
    """It lies under its own hash, is handed on to the byte, and stands for this version of this project."""
    digest = issue(TOLD, handed, clients, given.TODAY)
    content = aws.passports[f"passports/card-fraud/3/{digest}.json"]
    assert (handed.out / "passport.json").read_bytes() == content
    assert json.loads((handed.out / "release.json").read_text())["passport"] == digest
    passport = stored(clients("s3"), PASSPORTS, project="card-fraud", model_package_arn=given.ARN, sha256=digest)
    found = passport.evidence
    assert found.reports.metric == 0.91
    assert found.approvals == given.EVIDENCE.approvals
    assert found.images[0].scan is not None
    assert found.images[0].scan.findings[0].id == "CVE-2026-0001"
    assert found.manifest is not None
    assert {file.path for file in found.manifest.files} == set(CONTENT)


def test_issuing_again_stores_nothing_new(aws: Aws, clients: Clients, handed: Handed) -> None:
    """The same evidence on the same day is the same passport: a stage that is retried converges."""
    first, again = (issue(TOLD, handed, clients, given.TODAY) for _ in range(2))
    assert first == again
    assert list(aws.passports) == [f"passports/card-fraud/3/{first}.json"]


def test_the_build_may_do_what_it_calls_and_nothing_else(aws: Aws, clients: Clients, handed: Handed) -> None:
    """Its statements are the calls that botocore saw, and what AWS asks of the caller beside: keys, and Inspector."""
    clients.called.clear()
    for _ in range(2):  # a passport that is there already is read
        issue(TOLD, handed, clients, given.TODAY)
    actions = {call.replace("ListObjectsV2", "ListBucket") for call in clients.called}
    versions = CentralVersions("group", "arn:aws:s3:::models", "models/", "alias/models", "arn:aws:ecr:::repository/*")
    allowed = {action for statement in issues(NAMING, "card-fraud", versions) for action in statement.actions}
    implied = {"kms:Decrypt", "kms:GenerateDataKey", "inspector2:ListCoverage", "inspector2:ListFindings"}
    assert allowed - actions == implied
    assert actions <= allowed


def test_missing_evidence_stores_nothing_and_is_told_whole(aws: Aws, clients: Clients, handed: Handed) -> None:
    """A file changed after the approval, no bias report and a finding: all told, nothing stored or handed on."""
    aws.objects[f"{FOLDER}metrics/model-quality/statistics.json"] = b"{}"
    aws.package["InferenceSpecification"]["Containers"][0]["ModelDataUrl"] = "s3://elsewhere/model.tar.gz"
    del aws.package["ModelMetrics"]["Bias"]["PostTrainingReport"]
    aws.findings.append({"packageVulnerabilityDetails": {"vulnerabilityId": "CVE-2026-9"}, "severity": "CRITICAL"})
    with pytest.raises(PassportError) as raised:
        issue(TOLD, handed, clients, given.TODAY)
    assert [gap.item for gap in raised.value.gaps] == [
        "files",
        "files",
        "metric",
        "bias report of the model",
        "image scan",
    ]
    assert all(str(gap) in str(raised.value) for gap in raised.value.gaps)
    assert not aws.passports
    assert not handed.out.exists()


def test_what_aws_denies_is_no_missing_evidence(aws: Aws, clients: Clients, handed: Handed) -> None:
    """A denied call ends the stage as the error that it is, and nothing is stored."""

    def denied(_: dict[str, Any]) -> Any:
        raise Refusal("AccessDeniedException")

    aws.answers["DescribeImageScanFindings"] = denied
    with pytest.raises(Exception, match="AccessDeniedException"):
        issue(TOLD, handed, clients, given.TODAY)
    assert not aws.passports


def test_an_image_that_was_never_scanned_is_told(aws: Aws, clients: Clients, handed: Handed) -> None:
    """ECR's answer that there is no scan is a gap, not an error."""

    def unscanned(_: dict[str, Any]) -> Any:
        raise Refusal("ScanNotFoundException")

    aws.answers["DescribeImageScanFindings"] = unscanned
    with pytest.raises(PassportError, match=r"image scan: .* has none"):
        issue(TOLD, handed, clients, given.TODAY)


def test_the_result_of_another_release_does_not_count(aws: Aws, clients: Clients, handed: Handed) -> None:
    """The integration test must be of this execution of the pipeline."""
    with pytest.raises(PassportError, match="of the execution e-1, not of this one"):
        issue({**TOLD, "EXECUTION_ID": "e-2"}, handed, clients, given.TODAY)
    assert not aws.passports


def test_without_a_place_for_test_no_result_is_handed_on(handed: Handed) -> None:
    """CodePipeline gives no artefact `tested` then; without that of Prepare the stage stops by the variable's name."""
    told = {"CODEBUILD_SRC_DIR_prepared": str(handed.release.parent)}
    assert Handed.of(told, handed.out) == replace(handed, tests=None)
    with pytest.raises(PassportError, match="CODEBUILD_SRC_DIR_prepared is not set"):
        Handed.of({}, handed.out)


def test_the_build_says_all_that_is_missing_and_fails(
    aws: Aws, clients: Clients, handed: Handed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As CodeBuild runs it: exit 1 with each gap in a line, exit 0 with the hash when the evidence is there."""
    folders = {f"CODEBUILD_SRC_DIR_{name}": str(handed.release.parent) for name in ("prepared", "tested")}
    for name, value in (TOLD | folders).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(handed.release.parent)
    monkeypatch.setattr(boto3, "client", lambda name, **_: clients(name))
    aws.card["model_overview"]["model_owner"] = ""
    assert main(["issue"]) == 1
    assert "\n- model card: acme-prod-fraud-card-fraud names no owner." in capsys.readouterr().err
    aws.card["model_overview"]["model_owner"] = "fraud@acme.example"
    aws.findings.clear()
    assert main(["issue"]) == 0
    (place,) = aws.passports
    assert place.rpartition("/")[2].removesuffix(".json") in capsys.readouterr().out


def test_a_deployment_refuses_what_is_not_the_passport_of_its_version(aws: Aws, clients: Clients) -> None:
    """None, one that was changed, another version's, another project's: each is told and stops."""
    content = _passport()
    digest = sha256(content)

    def ask(arn: str = given.ARN, project: str = "card-fraud") -> Passport:
        return stored(clients("s3"), PASSPORTS, project=project, model_package_arn=arn, sha256=digest)

    with pytest.raises(PassportError, match="there is no passport"):
        ask()
    aws.passports[f"passports/card-fraud/3/{digest}.json"] = content
    assert ask().evidence == given.EVIDENCE
    other = given.ARN.replace("card-fraud/3", "card-fraud-2/3")
    with pytest.raises(PassportError, match=r"not of .*card-fraud-2/3"):
        ask(other)
    aws.passports[f"passports/other/3/{digest}.json"] = content
    with pytest.raises(PassportError, match="passport of card-fraud, not of other"):
        ask(project="other")
    aws.passports[f"passports/card-fraud/3/{digest}.json"] = content.replace(b"0.91", b"0.99")
    with pytest.raises(PassportError, match="its SHA-256 is"):
        ask()


def test_a_passport_has_one_form() -> None:
    """It reads back as what it was, and other bytes of the same content are refused."""
    content = _passport()
    assert to_json(read(content)) == content
    with pytest.raises(PassportError, match="not in the form"):
        read(json.dumps(json.loads(content), indent=1).encode())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": 2}, "format must be one of"),
        ({"extra": 1}, "wrong: extra"),
        ({"demands": None}, "demands must be an object"),
        ({"as_of": 3}, "as_of must be of type str"),
    ],
)
def test_what_is_no_passport_is_refused_by_its_place(change: dict[str, Any], words: str) -> None:
    """A key too many, of another type or format: the message names the place."""
    body = json.loads(_passport()) | change
    with pytest.raises(PassportError, match=words):
        read(json.dumps(body).encode())


def test_a_passport_that_lacks_evidence_proves_nothing() -> None:
    """Whoever wrote it: evidence is judged again whenever it is verified, as of its day."""
    lacking = Passport(1, "2026-11-23", given.DEMANDS, replace(given.EVIDENCE, card=None))
    with pytest.raises(PassportError, match="model card: there is none"):
        verified(to_json(lacking))
    with pytest.raises(PassportError, match="as_of must be a day"):
        verified(to_json(replace(lacking, as_of="yesterday")))


def test_the_schema_is_that_of_the_passports() -> None:
    """`make schema` wrote it from the types: every key is required and no other is allowed; a passport keeps to it."""
    assert passport_schema.FILE.read_text() == passport_schema.text()
    schema = json.loads(passport_schema.text())
    assert not list(Draft202012Validator(schema).iter_errors(json.loads(_passport())))
    changes: tuple[dict[str, Any], ...] = ({"extra": 1}, {"format": 2}, {"evidence": {}})
    for change in changes:
        assert list(Draft202012Validator(schema).iter_errors(json.loads(_passport()) | change))


def test_demands_reach_the_build_as_they_were() -> None:
    """What the stack tells is read back to the same, and a misspelt key is refused."""
    text = to_json(given.DEMANDS)
    assert from_json(Demands, text) == given.DEMANDS
    with pytest.raises(PassportError, match="wrong: approver"):
        from_json(Demands, text.replace(b'"approvers"', b'"approver"'))


def test_a_checksum_in_parts_is_that_of_s3() -> None:
    """The hash of the parts' hashes with their number, however the bytes arrive; no part is empty."""
    parts = [b"abcd", b"efgh"]
    whole = base64.b64encode(hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest())
    assert checksum([b"abc", b"defg", b"h"], 4) == f"{whole.decode()}-2"
    assert checksum([b"abcdefgh"], None) == _checksum(b"abcdefgh")
    assert PART == promoted.PART


def test_people_are_known_in_every_account_and_machines_by_their_role() -> None:
    """Who signs in by Identity Center is the same person everywhere; any other session is its role's."""
    assert person(given.person("Ada", "111111111111")) == person(given.person("ada", "999999999999")) == "ada"
    assert person(given.BUILD) is None
    assert acts_as(given.BUILD) == "111111111111/acme-dev-fraud-pipeline"


def test_today_decides_what_is_waived(aws: Aws, clients: Clients, handed: Handed) -> None:
    """The day after a waiver ran out the stage stops."""
    with pytest.raises(PassportError, match="run out on 2026-12-31"):
        issue(TOLD, handed, clients, date(2027, 1, 1))
    assert not aws.passports
