"""Templates of products are judged by the policies that judge Terraform, and what cannot be judged is a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from policies.record import StackScan
from tests.policies.conftest import Scanner
from tests.policies.support import Json, judged, sound, text

if TYPE_CHECKING:
    from policies.scan.engine import Engine

KEY = "products/x/1.0.0.yaml"
URL = f"https://templates.s3.eu-west-1.amazonaws.com/{KEY}"
OBJECT = "aws_s3_object.template"
TAGS = [{"Key": key, "Value": "x"} for key in ("CostCenter", "Environment", "Team")]


def publishing(content: str | None, url: str = URL, **held: Any) -> Json:
    """A stack with a product whose template this is."""
    document = sound()
    body = {"//": {"metadata": {"path": "a/template"}}, "bucket": "templates", "key": KEY, "content": content, **held}
    document["resource"]["aws_s3_object"] = {"template": body}
    parameters = {"name": "1.0.0", "type": "CLOUD_FORMATION_TEMPLATE", "template_url": url}
    product = {"name": "x", "owner": "acme", "type": "CLOUD_FORMATION_TEMPLATE"}
    document["resource"]["aws_servicecatalog_product"] = {
        "x": {**product, "provisioning_artifact_parameters": parameters}
    }
    return document


def template(kind: str, properties: Json, **parameters: Json) -> str:
    """A template with one resource, as its stack holds it."""
    thing = {"Type": kind, "Properties": properties}
    return yaml.safe_dump({"Parameters": parameters, "Resources": {"Thing": thing}}).replace("${", "$${")


def domain(access: object, **parameters: Json) -> str:
    return template("AWS::SageMaker::Domain", {"AppNetworkAccessType": access, "Tags": TAGS}, **parameters)


def outcome(found: StackScan, policy: str) -> str:
    """What came of a policy on the one resource of the template."""
    (result,) = [record.outcome.value for record in found.records if (record.policy, record.address) == (policy, THING)]
    return result


THING = f"{OBJECT}/Thing"


def test_a_policy_for_terraform_judges_a_template(scan: Scanner) -> None:
    """The same policy fails a domain in either language; the finding says file, line and resource of the template."""
    found = scan(publishing(domain("PublicInternetOnly")))
    assert judged(found, "CKV_MLGOV_100") == {"failed": {THING}}
    (record,) = [each for each in found.records if (each.policy, each.address) == ("CKV_MLGOV_100", THING)]
    assert record.path == "a/template/Thing"
    assert record.message.startswith(f"{KEY}:3 Thing (AWS::SageMaker::Domain), in Terraform's words: ")
    assert outcome(scan(publishing(domain("VpcOnly"))), "CKV_MLGOV_100") == "passed"


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({"Type": "String", "AllowedValues": ["VpcOnly"]}, "passed"),
        ({"Type": "String", "AllowedValues": ["VpcOnly", "PublicInternetOnly"]}, "failed"),
        ({"Type": "String", "Default": "VpcOnly"}, "failed"),
        ({"Type": "AWS::SSM::Parameter::Value<String>", "AllowedValues": ["/a"]}, "failed"),
    ],
)
def test_every_value_that_people_may_choose_is_judged(scan: Scanner, choice: Json, expected: str) -> None:
    """One bad value among those allowed fails the template, and so does a text that could be anything."""
    assert outcome(scan(publishing(domain({"Ref": "Access"}, Access=choice))), "CKV_MLGOV_100") == expected


@pytest.mark.parametrize(("most", "expected"), [(120, "passed"), (600, "failed")])
def test_both_bounds_of_a_number_are_judged(scan: Scanner, most: int, expected: str) -> None:
    """A number that people may set too high fails, however low its default is."""
    idle = {"LifecycleManagement": "ENABLED", "IdleTimeoutInMinutes": {"Ref": "Minutes"}}
    settings = {"AppLifecycleManagement": {"IdleSettings": idle}}
    properties = {"DefaultUserSettings": {"JupyterLabAppSettings": settings, "CodeEditorAppSettings": settings}}
    minutes = {"Type": "Number", "Default": 60, "MinValue": 60, "MaxValue": most}
    found = scan(publishing(template("AWS::SageMaker::Domain", properties, Minutes=minutes)))
    assert outcome(found, "CKV_MLGOV_109") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Private", "passed"),
        ("PublicRead", "failed"),
        ({"Ref": "Acl"}, "failed"),
        ({"Fn::If": ["Open", "PublicRead", "Private"]}, "failed"),
    ],
)
def test_what_checkov_passes_unseen_fails(scan: Scanner, value: object, expected: str) -> None:
    """A policy of checkov's that refuses values passes a function; the gate does not."""
    found = scan(publishing(template("AWS::S3::Bucket", {"AccessControl": value}, Acl={"Type": "String"})))
    assert outcome(found, "CKV_AWS_20") == expected


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (publishing(domain("VpcOnly"), url=f"{URL}.old"), "is the address of no single S3 object of this stack"),
        (publishing(None, source="assets/x.yaml"), "must stand in the stack"),
        (publishing('${file("x.yaml")}'), "must stand in the stack"),
        (publishing("Resources: [}"), "is no template of CloudFormation"),
        (publishing("- a"), "it is no mapping"),
        (publishing("Description: empty"), "it has no Resources"),
        (publishing("Resources: { A: { Type: AWS::S3::Bucket }, A: { Type: AWS::S3::Bucket } }"), "A stands twice"),
        (publishing("Resources: { A: { Properties: {} } }"), "the resource A has no Type"),
        (
            publishing("Resources: { A: { Type: AWS::S3::Bucket, Properties: [] } }"),
            "the Properties of A are no mapping",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_template_that_cannot_be_read_is_a_fault(engine: Engine, document: Json, says: str) -> None:
    """The gate fails closed: a product whose template it did not judge fails the stack."""
    (fault,) = engine.scan(text(document)).faults
    assert fault.kind == "template-unread"
    assert says in fault.message


def test_an_object_that_no_product_launches_is_no_template(scan: Scanner) -> None:
    """What merely looks like a template is not judged as one."""
    document = publishing(domain("PublicInternetOnly"))
    del document["resource"]["aws_servicecatalog_product"]
    assert all(record.address != THING for record in scan(document).records)
