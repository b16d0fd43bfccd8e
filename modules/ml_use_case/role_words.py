"""What several roles of a team may do alike: look, read and write files, use keys, hand roles over. No cdktf here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modules.core.iam import Conditions, Statement
from modules.core.instances import LOCAL_DISKS
from modules.ml_use_case.workplace import Workplace

JOB_LOGS = "/aws/sagemaker/*"
_LOOK = (
    "Describe*",
    "ListAliases",
    "ListImageVersions",
    "ListModelCardVersions",
    "ListModelPackages",
    "ListPipeline*Execution*",
    "ListTags",
    "ListTrainingJobsForHyperParameterTuningJob",
)
# None of these has resources in IAM.
_LIST = (
    "GetSearchSuggestions",
    "ListApps",
    "ListArtifacts",
    "ListAssociations",
    "ListAutoMLJobs",
    "ListCandidatesForAutoMLJob",
    "ListContexts",
    "ListDomains",
    "ListEndpointConfigs",
    "ListEndpoints",
    "ListExperiments",
    "ListFeatureGroups",
    "ListHubs",
    "ListHyperParameterTuningJobs",
    "ListImages",
    "ListMlflowTrackingServers",
    "ListModelCards",
    "ListModelPackageGroups",
    "ListModels",
    "ListMonitoringSchedules",
    "ListPipelines",
    "ListProcessingJobs",
    "ListProjects",
    "ListSpaces",
    "ListStudioLifecycleConfigs",
    "ListTrainingJobs",
    "ListTransformJobs",
    "ListTrialComponents",
    "ListTrials",
    "ListUserProfiles",
    "Search",
    "QueryLineage",
)


def _sagemaker(*names: str) -> tuple[str, ...]:
    return tuple(f"sagemaker:{name}" for name in names)


def looks(place: Workplace) -> Iterator[Statement]:
    """Seeing what SageMaker does in the account, and what jobs and endpoints write into their logs."""
    yield Statement("See", actions=_sagemaker(*_LOOK), resources=place.sagemaker("*"))
    yield Statement("List", actions=_sagemaker(*_LIST), resources=("*",))
    yield Statement(
        "ReadLogsOfJobs",
        actions=("logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents"),
        resources=(place.naming.arn("logs", f"log-group:{JOB_LOGS}"),),
    )


def reads(buckets: Sequence[str], what: str, *, below: str = "") -> Iterator[Statement]:
    """Reading these buckets, or what lies `below` a prefix in them; nothing without any."""
    if not buckets:
        return
    only: Conditions | None = {"StringLike": {"s3:prefix": f"{below}*"}} if below else None
    yield Statement(f"Find{what}", actions=("s3:ListBucket",), resources=buckets, conditions=only)
    files = [f"{bucket}/{below}*" for bucket in buckets]
    yield Statement(f"Read{what}", actions=("s3:GetObject", "s3:GetObjectVersion"), resources=files)


def writes(buckets: Sequence[str], what: str, *, below: str = "") -> Iterator[Statement]:
    """Writing there, as `reads` says. What is deleted stays as an old version: none deletes those."""
    if buckets:
        yield Statement(
            f"Write{what}",
            actions=("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"),
            resources=[f"{bucket}/{below}*" for bucket in buckets],
        )


def uses_keys(place: Workplace, *purposes: str) -> Iterator[Statement]:
    """Encrypting and decrypting under the account's keys; a grant is for an AWS service, as for the volume of a job."""
    arns = place.keys(*purposes)
    yield Statement("UseKeys", actions=("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"), resources=arns)
    yield Statement(
        "LendKeysToServices",
        actions=("kms:CreateGrant",),
        resources=arns,
        conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
    )


def hands_over(place: Workplace, *roles: str) -> Statement:
    """Handing these roles of the team to SageMaker, and no other to anybody."""
    return Statement(
        "PassRoles",
        actions=("iam:PassRole",),
        resources=place.role_arns(roles),
        conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
    )


def never(
    sid: str, *actions: str, conditions: Conditions | None = None, resources: Sequence[str] = ("*",)
) -> Statement:
    """A denial, which outweighs whatever another module allows the role."""
    return Statement(sid, actions=actions, resources=resources, effect="Deny", conditions=conditions)


def never_other_volumes(sid: str, *actions: str, keys: Sequence[str]) -> Statement:
    """No volume of jobs or endpoints under another key than these.

    A request without instances has no volume; serverless endpoints, which have none, take no model that is in a VPC.
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html
    """
    # AWS documents this condition key under two names: one of them must be one of our keys.
    volume = {"sagemaker:VolumeKmsKey": keys, "sagemaker:VolumeKmsKeyArn": keys}
    on_plain_disks = {"sagemaker:InstanceTypes": LOCAL_DISKS}
    return never(sid, *actions, conditions={"ArnNotEquals": volume, "ForAnyValue:StringNotLike": on_plain_disks})
