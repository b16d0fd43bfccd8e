"""Cases of the SageMaker controls on models."""

from __future__ import annotations

from tests.policies.cases import Case, changed
from tests.policies.cases.sm import ROLE, UNKNOWN, UNKNOWN_OF
from tests.policies.cases.sm_jobs import PINNED
from tests.policies.cases.sm_monitors import JOB

Json = dict[str, object]
VPC = {"subnets": ["subnet-1"], "security_group_ids": ["sg-1"]}
MODEL: Json = {"name": "acme-dev-churn", "execution_role_arn": ROLE}
PACKAGE = "arn:aws:sagemaker:eu-west-1:222222222222:model-package/churn/3"
REPOSITORY = "${aws_ecr_repository.@own.repository_url}"


def model(**container: object) -> Json:
    """A model of one container."""
    return changed(MODEL, primary_container=container)


CASES = [
    Case(
        "CKV_MLGOV_132",
        "aws_sagemaker_model",
        passes={"vpc": changed(model(image=PINNED), vpc_config=VPC)},
        fails={
            "absent": (model(image=PINNED), "vpc_config.subnets is not set; vpc_config.security_group_ids is not set")
        },
    ),
    Case(
        "CKV_MLGOV_133",
        "aws_sagemaker_model",
        passes={
            "pinned": model(image=PINNED),
            "packaged": model(model_package_name=PACKAGE),
            "of_stack": model(image=f"{REPOSITORY}@sha256:{'0a' * 32}"),
        },
        fails={
            "tagged": (model(image=f"{REPOSITORY}:latest"), "primary_container.image is"),
            "public": (model(image="public.ecr.aws/acme/x@sha256:" + "0a" * 32), "not in a private ECR registry"),
            "unknown": (model(image=f"{REPOSITORY}@{UNKNOWN}"), "not provable at synthesis: primary_container.image"),
            "second": (
                changed(MODEL, container=[{"image": PINNED}, {"model_data_url": "s3://acme-x/y"}]),
                "container.image is not set",
            ),
            "bare": (MODEL, "no container says which image it runs"),
        },
        beside={**UNKNOWN_OF, "aws_ecr_repository.own": {"name": "acme-churn"}},
    ),
    Case(
        "CKV_MLGOV_133",
        "aws_sagemaker_image_version",
        passes={"base_pinned": {"image_name": "r", "base_image": PINNED}},
        fails={"base_tagged": ({"image_name": "r", "base_image": PINNED.partition("@")[0]}, "base_image is")},
    ),
    Case(
        "CKV_MLGOV_133",
        "aws_sagemaker_data_quality_job_definition",
        passes={"monitor_pinned": JOB},
        fails={
            "monitor_tagged": (
                changed(JOB, data_quality_app_specification={"image_uri": PINNED.partition("@")[0]}),
                "data_quality_app_specification.image_uri is",
            )
        },
    ),
    Case(
        "CKV_MLGOV_134",
        "aws_sagemaker_model",
        passes={
            "packaged": model(model_package_name=PACKAGE),
            "ours": model(image=PINNED, model_data_url="s3://acme-dev-models/churn/model.tar.gz"),
            "of_stack": model(image=PINNED, model_data_url="s3://${aws_s3_bucket.@models.id}/churn/model.tar.gz"),
        },
        fails={
            "absent": (model(image=PINNED), "names neither model_package_name, model_data_url nor model_data_source"),
            "foreign": (
                model(image=PINNED, model_data_url="s3://elsewhere/model.tar.gz"),
                "not in a bucket named acme-*",
            ),
            "unknown": (model(image=PINNED, model_data_url=f"s3://{UNKNOWN}/model.tar.gz"), "not provable"),
            "source": (
                model(
                    image=PINNED,
                    model_data_source={
                        "s3_data_source": [
                            {"s3_uri": "s3://elsewhere/x/", "s3_data_type": "S3Prefix", "compression_type": "None"}
                        ]
                    },
                ),
                "primary_container.model_data_source.s3_data_source.s3_uri is",
            ),
        },
        beside={**UNKNOWN_OF, "aws_s3_bucket.models": {}},
    ),
    Case(
        "CKV_MLGOV_154",
        "aws_sagemaker_model",
        passes={"packaged": model(model_package_name=PACKAGE)},
        fails={
            "public": (
                model(image=PINNED, model_data_url="s3://jumpstart-cache-prod-eu-west-1/x/model.tar.gz"),
                "primary_container reads s3://jumpstart-cache-prod-eu-west-1/x/model.tar.gz, of the public hub",
            ),
            "licensed": (
                model(
                    image=PINNED,
                    model_data_source={
                        "s3_data_source": [
                            {
                                "s3_uri": "s3://acme-dev-models/x/",
                                "s3_data_type": "S3Prefix",
                                "compression_type": "None",
                                "model_access_config": {"accept_eula": True},
                            }
                        ]
                    },
                ),
                "accept_eula is true",
            ),
        },
    ),
]
