"""What policies on SageMaker share: whose key, image, bucket or name something is, and whether it is production."""

from __future__ import annotations

from typing import Any

import pytest

from modules.foundations.settings import GuardrailsSettings
from policies.catalogue import shipped
from policies.checks.mlgov_sm_tags import SmTags
from policies.document import Conf, StackDocument, Unprovable
from policies.image import pinned
from policies.key import customer_key
from policies.limits import limits
from policies.preventive import Denial
from policies.sagemaker import LOCAL_DISKS, in_bucket_of_ours, in_production, named, on_local_disks, ours
from tests.support.organisations import ORGANISATIONS

DIGEST = "@sha256:" + "0a" * 32
REGISTRY = "111111111111.dkr.ecr.eu-west-1.amazonaws.com"


def stack(**tags: str) -> StackDocument:
    """A stack with these default tags."""
    return StackDocument({"provider": {"aws": [{"default_tags": [{"tags": tags}]}]}})


def test_a_stack_of_no_known_environment_is_not_taken_for_one_outside_production() -> None:
    """Without the tag Environment nothing can be proved about rules of production."""
    assert in_production(stack(Environment="prod"))
    assert not in_production(stack(Environment="dev"))
    with pytest.raises(Unprovable, match="Environment"):
        in_production(stack(Owner="x"))


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("${aws_kms_key.k.arn}", None),
        ("arn:aws:kms:eu-west-1:111111111111:key/k", None),
        ("alias/acme-data", None),
        (None, "so the key is not the organisation's"),
        ("", "so the key is not the organisation's"),
        ("alias/aws/s3", "a key of AWS"),
        ("arn:aws:kms:${local.r}:111111111111:alias/aws/s3", "a key of AWS"),
    ],
)
def test_a_key_of_aws_is_no_key_of_ours(key: object, says: str | None) -> None:
    """An expression names a key; the alias of a key that AWS makes does not, however it is written."""
    problem = customer_key(Conf({"a": {"key": key}}), "a.key")
    assert says in problem if says and problem else problem is says


@pytest.mark.parametrize(
    ("image", "says"),
    [
        (f"{REGISTRY}/team/churn{DIGEST}", None),
        ("${data.terraform_remote_state.x.outputs.id}" + f"{REGISTRY[12:]}/churn{DIGEST}", None),
        ("${aws_ecr_repository.churn.repository_url}" + DIGEST, None),
        (f"{REGISTRY}/churn", "not pinned by digest"),
        (f"{REGISTRY}/churn:v1{DIGEST}", "not pinned by digest"),
        (f"evil.example/{REGISTRY}/churn{DIGEST}", "not in a private ECR registry"),
        (f"{REGISTRY}.evil.example/churn{DIGEST}", "not in a private ECR registry"),
        (None, "is not set"),
    ],
)
def test_an_image_is_known_by_registry_and_digest(image: object, says: str | None) -> None:
    """A tag is not enough, nor a name that merely holds one of a registry."""
    problem = pinned("image", image)
    assert says in problem if says and problem else problem is says


def test_an_image_by_an_expression_is_not_provable() -> None:
    """Neither a digest nor a repository may be an expression that says nothing."""
    for image in ("${var.image}", f"{REGISTRY}/churn@${{var.digest}}", {"Get": "Parameters.Image"}):
        with pytest.raises(Unprovable):
            pinned("image", image)


@pytest.mark.parametrize(
    ("uri", "says"),
    [
        ("s3://acme-dev-models/x", None),
        ("s3://acme-dev-models/${aws_sagemaker_model.m.name}", None),
        ("s3://${aws_s3_bucket.models.id}/x", None),
        ("s3://other-acme-dev/x", "not in a bucket named"),
        (None, "AWS chooses the bucket"),
    ],
)
def test_a_bucket_is_known_by_its_name_or_as_one_of_the_stack(uri: object, says: str | None) -> None:
    """What follows the bucket may be an expression; the start of its name may not."""
    problem = in_bucket_of_ours(Conf({"uri": uri}), "uri")
    assert says in problem if says and problem else problem is says
    with pytest.raises(Unprovable):
        in_bucket_of_ours(Conf({"uri": "s3://${data.terraform_remote_state.x.outputs.bucket}/x"}), "uri")


def test_a_name_is_ours_by_its_start_or_by_the_resource_that_it_refers_to() -> None:
    """A reference to another type is an expression like any other."""
    assert ours("a", "arn:aws:sagemaker:${local.r}:1:image/acme-dev-r", "aws_sagemaker_image") is None
    assert ours("a", "${aws_sagemaker_image.r.arn}", "aws_sagemaker_image") is None
    assert "not among" in str(ours("a", "arn:aws:sagemaker:::image/mine", "aws_sagemaker_image"))
    with pytest.raises(Unprovable):
        ours("a", "${aws_sagemaker_app.r.arn}", "aws_sagemaker_image")


def test_a_resource_is_named_by_reference_or_as_a_plan_knows_it() -> None:
    """A plan of what exists already has the name where the stack has a reference, by its index where it is counted."""
    model: dict[str, Any] = {"name": "churn"}
    for value in ("${aws_x.m.name}", "${aws_x.m[0].id}", "churn"):
        assert named(value, Conf(model, "aws_x.m"))
    for value in ("${aws_x.mm.name}", "${aws_x.m[each.key].name}", "${aws_x.m.arn}", None):
        assert not named(value, Conf(model, "aws_x.m"))
    assert not named(None, Conf({}, "aws_x.m"))


def test_types_with_local_disks_are_told_by_their_name() -> None:
    """A key is asked for wherever the type is not one that refuses it, an unknown one included."""
    refusing = (
        "ml.m5d.large",
        "ml.g4dn.xlarge",
        "ml.g5.xlarge",
        "ml.g6e.xlarge",
        "ml.p4de.24xlarge",
        "ml.trn1.2xlarge",
    )
    assert all(map(on_local_disks, refusing))
    assert not any(map(on_local_disks, ("ml.m5.large", "ml.p3.2xlarge", "ml.t3.medium", "${var.type}", None)))


def denial(control: str, number: int) -> Denial:
    """One denial of a control."""
    preventive = shipped().control(control).preventive
    assert preventive is not None
    return preventive.statements[number]


def test_what_policies_approve_guardrails_and_rules_approve_too() -> None:
    """Lists and numbers that stand twice, here for the gate and there for the accounts, are the same."""
    assert limits().bedrock_models == list(GuardrailsSettings().bedrock_models)
    assert limits().own_names == [f"{name}-*" for name in sorted(ORGANISATIONS)]
    (platform,) = (rule.parameters for rule in shipped().control("SM-20").detective)
    assert limits().notebook_platforms == platform["supportedPlatformIdentifierVersions"].split(",")
    assert denial("SM-27", 0).conditions["NumericGreaterThan"] == {
        "sagemaker:MaxRuntimeInSeconds": str(limits().job_seconds)
    }
    for control in ("SM-22", "SM-35"):
        types = denial(control, 0).conditions["ForAnyValue:StringNotLike"]["sagemaker:InstanceTypes"]
        assert types == list(LOCAL_DISKS)


def test_tags_of_another_provider_are_not_taken_for_those_of_the_resource() -> None:
    """A resource has the default tags of the provider that it names, and its own."""
    tagged = {"default_tags": [{"tags": {"Account": "a", "Environment": "dev"}}]}
    groups = {
        "default": {"model_package_group_name": "a"},
        "named": {"model_package_group_name": "b", "provider": "aws.bare"},
        "own": {
            "model_package_group_name": "c",
            "provider": "aws.bare",
            "tags": {"Account": "a", "Environment": "dev"},
        },
    }
    document = StackDocument(
        {
            "provider": {"aws": [tagged, {"alias": "bare"}]},
            "resource": {"aws_sagemaker_model_package_group": groups},
        }
    )
    found = {address.rpartition(".")[2]: judgement.message for address, judgement in SmTags().run(document)}
    assert found == {
        "default": "",
        "named": "neither tags nor default_tags has Account, Environment",
        "own": "",
    }
