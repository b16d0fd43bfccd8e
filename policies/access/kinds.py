"""What Terraform's resource types are to IAM: the ARN that a block makes, and where its resource policy stands.

ARNs by AWS's service authorisation reference. In a template `{partition}`, `{region}`, `{account}` are of the stack,
`{<attribute>}` of the block; `{id}` stands for what AWS assigns, for which the stack and the block's name stand in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ID = "id"


@dataclass(frozen=True, slots=True)
class Kind:
    """One resource type. `parts` are ARNs of what lies in it, `policy` its own attribute with a resource policy,
    `attached` another type that holds one, with the attributes for document and resource.

    `delegates`: the account's identity policies count only if the resource policy names the account.
    """

    service: str
    arn: str
    parts: tuple[str, ...] = ()
    policy: str = ""
    attached: tuple[str, str, str] | None = None
    delegates: bool = False


_OWN = "arn:{partition}:%s:{region}:{account}:%s"

KINDS: Mapping[str, Kind] = {
    "aws_backup_vault": Kind(
        "backup",
        _OWN % ("backup", "backup-vault:{name}"),
        parts=(_OWN % ("backup", "recovery-point:*"),),
        attached=("aws_backup_vault_policy", "policy", "backup_vault_name"),
    ),
    "aws_cloudwatch_event_bus": Kind(
        "events",
        _OWN % ("events", "event-bus/{name}"),
        attached=("aws_cloudwatch_event_bus_policy", "policy", "event_bus_name"),
    ),
    "aws_codeartifact_domain": Kind(
        "codeartifact",
        _OWN % ("codeartifact", "domain/{domain}"),
        attached=("aws_codeartifact_domain_permissions_policy", "policy_document", "domain"),
    ),
    "aws_codeartifact_repository": Kind(
        "codeartifact",
        _OWN % ("codeartifact", "repository/{domain}/{repository}"),
        parts=(_OWN % ("codeartifact", "package/{domain}/{repository}/*"),),
        attached=("aws_codeartifact_repository_permissions_policy", "policy_document", "repository"),
    ),
    "aws_dynamodb_table": Kind(
        "dynamodb",
        _OWN % ("dynamodb", "table/{name}"),
        parts=(_OWN % ("dynamodb", "table/{name}/*"),),
        attached=("aws_dynamodb_resource_policy", "policy", "resource_arn"),
    ),
    "aws_ecr_repository": Kind(
        "ecr", _OWN % ("ecr", "repository/{name}"), attached=("aws_ecr_repository_policy", "policy", "repository")
    ),
    "aws_kms_key": Kind(
        "kms",
        _OWN % ("kms", "key/{id}"),
        policy="policy",
        attached=("aws_kms_key_policy", "policy", "key_id"),
        delegates=True,
    ),
    "aws_s3_bucket": Kind(
        "s3",
        "arn:{partition}:s3:::{bucket}",
        parts=("arn:{partition}:s3:::{bucket}/*",),
        attached=("aws_s3_bucket_policy", "policy", "bucket"),
    ),
    "aws_sagemaker_feature_group": Kind("sagemaker", _OWN % ("sagemaker", "feature-group/{feature_group_name}")),
    "aws_sagemaker_model_package_group": Kind(
        "sagemaker",
        _OWN % ("sagemaker", "model-package-group/{model_package_group_name}"),
        parts=(_OWN % ("sagemaker", "model-package/{model_package_group_name}/*"),),
        attached=("aws_sagemaker_model_package_group_policy", "resource_policy", "model_package_group_name"),
    ),
    "aws_secretsmanager_secret": Kind(
        "secretsmanager",
        _OWN % ("secretsmanager", "secret:{name}-*"),
        policy="policy",
        attached=("aws_secretsmanager_secret_policy", "policy", "secret_arn"),
    ),
    "aws_sns_topic": Kind(
        "sns", _OWN % ("sns", "{name}"), policy="policy", attached=("aws_sns_topic_policy", "policy", "arn")
    ),
    "aws_sqs_queue": Kind(
        "sqs", _OWN % ("sqs", "{name}"), policy="policy", attached=("aws_sqs_queue_policy", "policy", "queue_url")
    ),
}
# Types without a resource policy whose ARN or name stands in documents.
ARNS: Mapping[str, str] = {
    **{type_: kind.arn for type_, kind in KINDS.items()},
    "aws_cloudwatch_log_group": _OWN % ("logs", "log-group:{name}"),
    "aws_glue_catalog_database": _OWN % ("glue", "database/{name}"),
    "aws_glue_catalog_table": _OWN % ("glue", "table/{database_name}/{name}"),
    "aws_iam_openid_connect_provider": "arn:{partition}:iam::{account}:oidc-provider/{host}",
    "aws_iam_role": "arn:{partition}:iam::{account}:role{path}{name}",
    "aws_iam_policy": "arn:{partition}:iam::{account}:policy{path}{name}",
    "aws_lambda_function": _OWN % ("lambda", "function:{function_name}"),
    "aws_ram_resource_share": _OWN % ("ram", "resource-share/{id}"),
}
# Attributes other than the ARN by which one block names another: the attribute of the block that they repeat.
NAMES: Mapping[str, str] = {
    "aws_backup_vault": "name",
    "aws_cloudwatch_event_bus": "name",
    "aws_codeartifact_domain": "domain",
    "aws_codeartifact_repository": "repository",
    "aws_dynamodb_table": "name",
    "aws_ecr_repository": "name",
    "aws_glue_catalog_database": "name",
    "aws_glue_catalog_table": "name",
    "aws_iam_policy": "name",
    "aws_iam_role": "name",
    "aws_kms_key": ID,
    "aws_s3_bucket": "bucket",
    "aws_sagemaker_feature_group": "feature_group_name",
    "aws_sagemaker_model_package_group": "model_package_group_name",
    "aws_sqs_queue": "name",
}
# Services whose resources resource control policies bind, of those above. One too few only names too many who can.
CONTROLLED = frozenset({"dynamodb", "ecr", "kms", "s3", "secretsmanager", "sqs", "sts"})
# Services whose resources can carry a policy that lets in other accounts (IAM user guide, "AWS services that work with
# IAM"). What is of another account cannot be reached in any other service but by assuming a role there.
SHARING = frozenset(
    {
        "acm-pca",
        "aps",
        "backup",
        "bedrock",
        "cloudtrail",
        "codeartifact",
        "codebuild",
        "dynamodb",
        "ecr",
        "elasticfilesystem",
        "es",
        "events",
        "execute-api",
        "geo",
        "glacier",
        "glue",
        "kafka",
        "kinesis",
        "kms",
        "lambda",
        "lex",
        "logs",
        "mediastore",
        "organizations",
        "redshift",
        "redshift-serverless",
        "rekognition",
        "route53-recovery-readiness",
        "route53resolver",
        "s3",
        "s3-object-lambda",
        "s3-outposts",
        "s3express",
        "s3tables",
        "sagemaker",
        "schemas",
        "secretsmanager",
        "serverlessrepo",
        "ses",
        "signer",
        "sns",
        "sqs",
        "ssm",
        "ssm-contacts",
        "ssm-incidents",
        "sts",
        "vpc-lattice",
    }
)
