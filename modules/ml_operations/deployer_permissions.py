"""What a release may do where a model is served: pure statements, no cdktf here.

What Terraform asks AWS for the stack `serving`, for the things of one project by their names. Nothing here approves,
makes identities, or deletes data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.ml_operations import names
from modules.ml_operations.release_permissions import uses_key

_TAGS = ("sagemaker:AddTags", "sagemaker:DeleteTags", "sagemaker:ListTags")
_SCALER = "sagemaker.application-autoscaling.amazonaws.com"
# What is made anew with each version: an ARN's first part -> what AWS calls it.
_OF_A_VERSION = {"endpoint-config": "EndpointConfig", "model": "Model"}
_JOBS = {
    "data-quality-job-definition": "DataQualityJobDefinition",
    "model-bias-job-definition": "ModelBiasJobDefinition",
    "model-explainability-job-definition": "ModelExplainabilityJobDefinition",
    "model-quality-job-definition": "ModelQualityJobDefinition",
}


@dataclass(frozen=True, slots=True)
class Served:
    """A project's model where it is served.

    `versions_arn` matches its versions in the central registry. `passes`: the ARNs of roles that are handed on, by the
    service that gets them, such as `sagemaker`.
    """

    naming: Naming
    project: str
    versions_arn: str
    passes: dict[str, tuple[str, ...]]

    @property
    def endpoint(self) -> str:
        """What its endpoint is called; names of what has a version go on with two hyphens."""
        return names.endpoint(self.naming, self.project)

    def arn(self, kind: str, suffix: str = "") -> str:
        """The ARN of what SageMaker calls `kind`."""
        return self.naming.arn("sagemaker", f"{kind}/{self.endpoint}{suffix}")

    @property
    def bucket_arn(self) -> str:
        """Its bucket."""
        return self.naming.bucket_arn(names.serving_bucket(self.project))


def deploys(served: Served) -> Iterator[Statement]:
    """Putting another version to use, by Terraform."""
    naming, project = served.naming, served.project
    yield Statement(
        "SetVersion",
        actions=(
            "ssm:GetParameter",
            "ssm:GetParameters",
            "ssm:LabelParameterVersion",
            "ssm:ListTagsForResource",
            "ssm:PutParameter",
        ),
        resources=(naming.arn("ssm", f"parameter{names.version_parameter(naming, project)}"),),
    )
    yield from _models(served)
    yield from _scaling(served)
    yield from _calendar(served)
    stack = f"{served.bucket_arn}/{names.STACK}*"
    reads = ("s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion")
    yield Statement("ReadStack", actions=reads, resources=(stack,))
    # Not the stack's JSON: what releases apply is put there by those alone who apply what passed the gate.
    monitors = f"{served.bucket_arn}/{names.STACK}{names.MONITORS}*"
    replaces = ("s3:DeleteObject", "s3:PutObject", "s3:PutObjectTagging")
    yield Statement("ReplaceMonitorFiles", actions=replaces, resources=(monitors,))
    yield Statement("SeeBucket", actions=("s3:GetBucketLocation", "s3:ListBucket"), resources=(served.bucket_arn,))
    alias = f"alias/{naming.name('endpoint')}"
    yield uses_key(naming, "UseKeyOfBucket", "s3", ("kms:Decrypt", "kms:GenerateDataKey"), alias)
    # SageMaker keeps volumes of endpoints and jobs encrypted by grants that it asks for as the caller.
    yield uses_key(naming, "LetSageMakerUseKey", "sagemaker", ("kms:CreateGrant", "kms:DescribeKey"), alias)
    for service, arns in sorted(served.passes.items()):
        yield Statement(
            f"Pass{service.capitalize()}Roles",
            actions=("iam:PassRole",),
            resources=arns,
            conditions={"StringEquals": {"iam:PassedToService": f"{service}.amazonaws.com"}},
        )


def verifies(served: Served) -> Iterator[Statement]:
    """Asking it, and reading what it answered and what was captured; nothing of it changes."""
    naming = served.naming
    asks = ("sagemaker:DescribeEndpoint", "sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointAsync")
    yield Statement("Ask", actions=asks, resources=(served.arn("endpoint"),))
    batch = served.arn("pipeline")
    starts = ("sagemaker:DescribePipelineExecution", "sagemaker:StartPipelineExecution")
    yield Statement("StartBatch", actions=starts, resources=(batch, f"{batch}/execution/*"))
    folders = (names.CAPTURE, names.OUTPUT, names.FAILURES)
    read = tuple(f"{served.bucket_arn}/{folder}*" for folder in folders)
    yield Statement("ReadAnswers", actions=("s3:GetObject",), resources=read)
    yield Statement("PutRequests", actions=("s3:PutObject",), resources=(f"{served.bucket_arn}/{names.INPUT}*",))
    yield Statement("ListAnswers", actions=("s3:ListBucket",), resources=(served.bucket_arn,))
    alias = f"alias/{naming.name('endpoint')}"
    yield uses_key(naming, "UseKeyOfBucket", "s3", ("kms:Decrypt", "kms:GenerateDataKey"), alias)


def _models(served: Served) -> Iterator[Statement]:
    naming, verbs = served.naming, ("Create", "Delete", "Describe")
    yield Statement(
        "ReplaceWhatHasAVersion",
        actions=(*(f"sagemaker:{verb}{what}" for what in _OF_A_VERSION.values() for verb in verbs), *_TAGS),
        resources=tuple(served.arn(kind, "--*") for kind in _OF_A_VERSION),
    )
    changes = ("Create", "Delete", "Describe", "Update")
    yield Statement(
        "UpdateEndpoint",
        actions=(*(f"sagemaker:{verb}Endpoint" for verb in changes), *_TAGS),
        # Which configuration is made an endpoint of is asked, too.
        resources=(served.arn("endpoint"), served.arn("endpoint-config", "--*")),
    )
    watched = naming.name(served.project)
    yield Statement(
        "ReplaceMonitors",
        actions=(
            *(f"sagemaker:{verb}{what}" for what in _JOBS.values() for verb in verbs),
            *(f"sagemaker:{verb}MonitoringSchedule" for verb in changes),
            *_TAGS,
        ),
        resources=tuple(naming.arn("sagemaker", f"{kind}/{watched}--*") for kind in (*_JOBS, "monitoring-schedule")),
    )
    yield Statement(
        "ChangeBatch",
        actions=("sagemaker:CreatePipeline", "sagemaker:DescribePipeline", "sagemaker:UpdatePipeline", *_TAGS),
        resources=(served.arn("pipeline"),),
    )
    central = (served.versions_arn,)
    takes = ("sagemaker:CreateModel", "sagemaker:DescribeModelPackage")
    yield Statement("TakeCentralVersions", actions=takes, resources=central)
    # Cloud Control has no resources in IAM before a thing is made; what it does there it does as the caller.
    control = ("CreateResource", "DeleteResource", "GetResource", "GetResourceRequestStatus", "UpdateResource")
    yield Statement("MakeJobs", actions=tuple(f"cloudformation:{each}" for each in control), resources=("*",))


def _scaling(served: Served) -> Iterator[Statement]:
    naming = served.naming
    verbs = ("DescribeScalableTargets", "DescribeScalingPolicies")
    yield Statement("SeeScaling", actions=tuple(f"application-autoscaling:{each}" for each in verbs), resources=("*",))
    changes = (
        "DeleteScalingPolicy",
        "DeregisterScalableTarget",
        "ListTagsForResource",
        "PutScalingPolicy",
        "RegisterScalableTarget",
        "TagResource",
        "UntagResource",
    )
    yield Statement(
        "Scale",
        actions=tuple(f"application-autoscaling:{each}" for each in changes),
        # AWS names a target by an id of its own: only the service can be told.
        resources=(naming.arn("application-autoscaling", "scalable-target/*"),),
        conditions={"StringEqualsIfExists": {"application-autoscaling:service-namespace": "sagemaker"}},
    )
    yield Statement(
        "ScalingHasItsRole",
        actions=("iam:CreateServiceLinkedRole",),
        resources=(naming.arn("iam", f"role/aws-service-role/{_SCALER}/*", region=False),),
        conditions={"StringEquals": {"iam:AWSServiceName": _SCALER}},
    )
    alarm = naming.arn("cloudwatch", f"alarm:{names.alarm(naming, served.project, names.WAITING)}")
    keeps = ("DeleteAlarms", "DescribeAlarms", "ListTagsForResource", "PutMetricAlarm", "TagResource", "UntagResource")
    yield Statement("KeepAlarm", actions=tuple(f"cloudwatch:{each}" for each in keeps), resources=(alarm,))


def _calendar(served: Served) -> Iterator[Statement]:
    verbs = ("CreateSchedule", "DeleteSchedule", "GetSchedule", "UpdateSchedule")
    yield Statement(
        "KeepCalendar",
        actions=tuple(f"scheduler:{verb}" for verb in verbs),
        resources=(served.naming.arn("scheduler", f"schedule/default/{served.endpoint}"),),
    )
