"""What CloudFormation needs to make, read, change and take down each resource type of the products. No cdktf here.

The actions are those of the type's handlers in CloudFormation's registry, without what our templates never ask for;
`tests/modules/test_launch_permissions.py` compares them and says for each omission why.
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from modules.core.iam import Conditions, Statement
from modules.core.naming import Naming

Type = Literal[
    "AWS::Athena::WorkGroup",
    "AWS::CodeBuild::Project",
    "AWS::CodeCommit::Repository",
    "AWS::CodePipeline::Pipeline",
    "AWS::Events::Rule",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::S3::BucketPolicy",
    "AWS::SSM::Parameter",
    "AWS::SageMaker::Domain",
    "AWS::SageMaker::MlflowTrackingServer",
    "AWS::SageMaker::ModelPackageGroup",
    "AWS::SageMaker::UserProfile",
]


def _of(service: str, *verbs: str) -> tuple[str, ...]:
    return tuple(f"{service}:{verb}" for verb in verbs)


_TAGS = ("AddTags", "DeleteTags", "ListTags")
# On the resource itself. What is asked of keys, roles and networks beside it stands in the functions below.
ACTIONS: Mapping[Type, tuple[str, ...]] = {
    "AWS::Athena::WorkGroup": _of(
        "athena",
        "CreateWorkGroup",
        "DeleteWorkGroup",
        "GetWorkGroup",
        "ListTagsForResource",
        "TagResource",
        "UntagResource",
        "UpdateWorkGroup",
    ),
    "AWS::CodeBuild::Project": _of("codebuild", "BatchGetProjects", "CreateProject", "DeleteProject", "UpdateProject"),
    "AWS::CodeCommit::Repository": _of(
        "codecommit",
        "CreateCommit",
        "CreateRepository",
        "DeleteRepository",
        "GetRepository",
        "GetRepositoryTriggers",
        "ListTagsForResource",
        "TagResource",
        "UntagResource",
        "UpdateRepositoryDescription",
        "UpdateRepositoryEncryptionKey",
        "UpdateRepositoryName",
    ),
    "AWS::CodePipeline::Pipeline": _of(
        "codepipeline",
        "CreatePipeline",
        "DeletePipeline",
        "GetPipeline",
        "GetPipelineState",
        "ListTagsForResource",
        "TagResource",
        "UntagResource",
        "UpdatePipeline",
    ),
    "AWS::Events::Rule": _of(
        "events",
        "DeleteRule",
        "DescribeRule",
        "ListTagsForResource",
        "ListTargetsByRule",
        "PutRule",
        "PutTargets",
        "RemoveTargets",
        "TagResource",
        "UntagResource",
    ),
    "AWS::Logs::LogGroup": _of(
        "logs",
        "AssociateKmsKey",
        "CreateLogGroup",
        "DeleteLogGroup",
        "GetDataProtectionPolicy",
        "ListTagsForResource",
        "PutRetentionPolicy",
        "TagResource",
        "UntagResource",
    ),
    "AWS::S3::Bucket": _of(
        "s3",
        "CreateBucket",
        "DeleteBucket",
        "GetAccelerateConfiguration",
        "GetAnalyticsConfiguration",
        "GetBucketCORS",
        "GetBucketLogging",
        "GetBucketNotification",
        "GetBucketObjectLockConfiguration",
        "GetBucketOwnershipControls",
        "GetBucketPublicAccessBlock",
        "GetBucketTagging",
        "GetBucketVersioning",
        "GetBucketWebsite",
        "GetEncryptionConfiguration",
        "GetIntelligentTieringConfiguration",
        "GetInventoryConfiguration",
        "GetLifecycleConfiguration",
        "GetMetricsConfiguration",
        "GetReplicationConfiguration",
        "ListBucket",
        "ListTagsForResource",
        "PutBucketLogging",
        "PutBucketOwnershipControls",
        "PutBucketPublicAccessBlock",
        "PutBucketTagging",
        "PutBucketVersioning",
        "PutEncryptionConfiguration",
        "PutLifecycleConfiguration",
        "TagResource",
        "UntagResource",
    ),
    "AWS::S3::BucketPolicy": _of("s3", "DeleteBucketPolicy", "GetBucketPolicy", "PutBucketPolicy"),
    "AWS::SSM::Parameter": _of(
        "ssm",
        "AddTagsToResource",
        "DeleteParameter",
        "GetParameters",
        "ListTagsForResource",
        "PutParameter",
        "RemoveTagsFromResource",
    ),
    "AWS::SageMaker::Domain": _of(
        "sagemaker", "CreateDomain", "DeleteDomain", "DescribeDomain", "UpdateDomain", *_TAGS
    ),
    "AWS::SageMaker::MlflowTrackingServer": _of(
        "sagemaker",
        "CreateMlflowTrackingServer",
        "DeleteMlflowTrackingServer",
        "DescribeMlflowTrackingServer",
        "UpdateMlflowTrackingServer",
        *_TAGS,
    ),
    "AWS::SageMaker::ModelPackageGroup": _of(
        "sagemaker",
        "CreateModelPackageGroup",
        "DeleteModelPackageGroup",
        "DescribeModelPackageGroup",
        "GetModelPackageGroupPolicy",
        *_TAGS,
    ),
    "AWS::SageMaker::UserProfile": _of(
        "sagemaker", "CreateUserProfile", "DeleteUserProfile", "DescribeUserProfile", "UpdateUserProfile", *_TAGS
    ),
}


def manage(sid: str, *types: Type, on: Sequence[str], conditions: Conditions | None = None) -> Statement:
    """All that CloudFormation does with resources of these types, which have these ARNs."""
    actions = sorted({action for type_ in types for action in ACTIONS[type_]})
    return Statement(sid, actions=tuple(actions), resources=tuple(on), conditions=conditions)


def buckets(naming: Naming, *whats: str) -> Statement:
    """Buckets with their policies, called by these patterns."""
    return manage(
        "Buckets", "AWS::S3::Bucket", "AWS::S3::BucketPolicy", on=[f"arn:{naming.partition}:s3:::{w}" for w in whats]
    )


def pass_role(sid: str, roles: Sequence[str], to: str) -> tuple[Statement, ...]:
    """These roles and no others, to this service alone. CloudFormation looks at a role before it passes it."""
    return (
        Statement(
            sid,
            actions=("iam:PassRole",),
            resources=tuple(roles),
            conditions={"StringEquals": {"iam:PassedToService": to}},
        ),
        Statement(f"LookAt{sid.removeprefix('Pass')}", actions=("iam:GetRole",), resources=tuple(roles)),
    )


def read_parameters(naming: Naming) -> Statement:
    """What a template asks of the account: its network, and its keys. CloudFormation reads it as who launches."""
    root = f"parameter/{naming.organization}"
    return Statement(
        "ReadWhatTheAccountTells",
        actions=("ssm:GetParameters",),
        resources=(naming.arn("ssm", f"{root}/keys/*"), naming.arn("ssm", f"{root}/network/*")),
    )


def use_keys(naming: Naming, via: str, *purposes: str, grants: bool = False) -> list[Statement]:
    """The account's keys for these purposes, known by their aliases, through the service `via`.

    With `grants` that service may keep using them after the launch.
    """
    keys = naming.arn("kms", "key/*")
    alias = {"kms:ResourceAliases": tuple(f"alias/{naming.name(purpose)}" for purpose in purposes)}
    through = {"kms:ViaService": f"{via}.{naming.region}.amazonaws.com"}
    found = [
        Statement(
            "UseKeys",
            actions=("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"),
            resources=(keys,),
            conditions={"ForAnyValue:StringEquals": alias, "StringEquals": through},
        )
    ]
    if grants:
        found.append(
            Statement(
                "LetServiceUseKeys",
                actions=("kms:CreateGrant",),
                resources=(keys,),
                conditions={
                    "ForAnyValue:StringEquals": alias,
                    "StringEquals": through,
                    "Bool": {"kms:GrantIsForAWSResource": "true"},
                },
            )
        )
    return found
