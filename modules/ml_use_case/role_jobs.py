"""What a team's roles may do with jobs: make them, be them, and never outside of network and keys. No cdktf here."""

from __future__ import annotations

from collections.abc import Iterator

from modules.core.iam import Statement
from modules.ml_use_case.role_words import JOB_LOGS, never, never_other_volumes
from modules.ml_use_case.workplace import Workplace

# What a job stores is under one of the account's keys for these purposes.
JOB_KEYS = ("artifacts", "data")
_JOBS = ("automl-job/*", "hyper-parameter-tuning-job/*", "processing-job/*", "training-job/*", "transform-job/*")
_TRAIN = ("sagemaker:CreateHyperParameterTuningJob", "sagemaker:CreateTrainingJob")
_NETWORKED = (*_TRAIN, "sagemaker:CreateAutoMLJobV2", "sagemaker:CreateProcessingJob")
_MADE = (*_NETWORKED, "sagemaker:CreateTransformJob")
# AutoML has no volume types to choose, and its key is always taken.
_VOLUMES = (*_TRAIN, "sagemaker:CreateProcessingJob", "sagemaker:CreateTransformJob")
_STOP = ("AutoMLJob", "HyperParameterTuningJob", "ProcessingJob", "TrainingJob", "TransformJob")
_LINEAGE = ("action/*", "artifact/*", "context/*", "experiment-trial-component/*", "experiment-trial/*", "experiment/*")
_TRACK = (
    "sagemaker:AddAssociation",
    "sagemaker:AssociateTrialComponent",
    "sagemaker:CreateAction",
    "sagemaker:CreateArtifact",
    "sagemaker:CreateContext",
    "sagemaker:CreateExperiment",
    "sagemaker:CreateTrial",
    "sagemaker:CreateTrialComponent",
    "sagemaker:UpdateTrialComponent",
)
# Images of AWS's algorithms, monitors and frameworks, whose account differs by region: the policy of the network's
# endpoint knows those accounts, and lets no other through.
_OF_AWS = ("huggingface-*", "sagemaker-*")
_INTERFACES = (
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
)
# None of these has resources in IAM.
_LOOK_AT_NETWORK = (
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)


def makes_jobs(place: Workplace) -> Iterator[Statement]:
    """Training, processing, transforming and tuning; what is the team's may be stopped."""
    yield Statement("MakeJobs", actions=_MADE, resources=place.sagemaker(*_JOBS), conditions=place.made)
    yield Statement(
        "StopJobs",
        actions=tuple(f"sagemaker:Stop{what}" for what in _STOP),
        resources=place.sagemaker(*_JOBS),
        conditions=place.owned,
    )
    # SageMaker writes lineage as the role of a job, and gives it no tags of ours.
    yield Statement("TrackLineage", actions=_TRACK, resources=place.sagemaker(*_LINEAGE))


def makes_pipelines(place: Workplace) -> Iterator[Statement]:
    """SageMaker Pipelines of the team."""
    arns = place.sagemaker("pipeline/*")
    yield Statement("MakePipelines", actions=("sagemaker:CreatePipeline",), resources=arns, conditions=place.made)
    yield Statement(
        "RunPipelines",
        actions=(
            "sagemaker:RetryPipelineExecution",
            "sagemaker:StartPipelineExecution",
            "sagemaker:StopPipelineExecution",
            "sagemaker:UpdatePipeline",
        ),
        resources=arns,
        conditions=place.owned,
    )


def tags(place: Workplace, *resources: str) -> Statement:
    """Tagging what is made: SageMaker asks for it beside the action that makes a thing."""
    return Statement(
        "Tag", actions=("sagemaker:AddTags",), resources=place.sagemaker(*resources), conditions=place.tagged
    )


def runs_containers(place: Workplace) -> Iterator[Statement]:
    """What SageMaker does as the role of a job or of an endpoint: images of AWS, logs, interfaces in the VPC."""
    naming = place.naming
    yield Statement(
        "PullImagesOfAws",
        actions=("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
        resources=tuple(
            f"arn:{naming.partition}:ecr:{naming.region}:{owner}:repository/{name}"
            for owner, name in (
                *((account, "*") for account in place.image_accounts),
                *(("*", name) for name in _OF_AWS),
            )
        ),
    )
    yield Statement(
        "WriteLogs",
        actions=("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
        resources=(naming.arn("logs", f"log-group:{JOB_LOGS}"),),
    )
    if place.security_group_id is None:
        return
    kinds = (f"security-group/{place.security_group_id}", "network-interface/*", "subnet/*")
    yield Statement("AttachToVpc", actions=_INTERFACES, resources=tuple(naming.arn("ec2", kind) for kind in kinds))
    yield Statement("LookAtNetwork", actions=_LOOK_AT_NETWORK, resources=("*",))


def job_denials(place: Workplace) -> Iterator[Statement]:
    """No job, and no model, outside of the team's network; nothing stored under another key; nothing sent in clear.

    The security group says the network, too: AWS takes none of another VPC than the subnets'. A negated test holds
    where the request lacks the key, so what is left out is denied.
    """
    placed = (*_NETWORKED, "sagemaker:CreateModel")
    yield never("NeverOutsideTheVpc", *placed, conditions={"Null": {"sagemaker:VpcSubnets": "true"}})
    if place.security_group_id:
        groups = {"sagemaker:VpcSecurityGroupIds": place.security_group_id}
        yield never("NeverInAnotherNetwork", *placed, conditions={"ForAnyValue:StringNotEquals": groups})
        without = {"sagemaker:VpcSecurityGroupIds": "true"}
        yield never("NeverWithoutSecurityGroup", *placed, conditions={"Null": without})
    else:
        yield never("NeverWithoutNetwork", *placed)
    keys = place.keys(*JOB_KEYS)
    # AWS documents each of these condition keys under two names: one of them must be one of our keys.
    output = {"sagemaker:OutputKmsKey": keys, "sagemaker:OutputKmsKeyArn": keys}
    yield never("NeverOutputUnderAnotherKey", *_MADE, conditions={"ArnNotEquals": output})
    yield never_other_volumes("NeverVolumeUnderAnotherKey", *_VOLUMES, keys=keys)
    plain = {"BoolIfExists": {"sagemaker:InterContainerTrafficEncryption": "false"}}
    yield never("NeverPlainTraffic", *_NETWORKED, conditions=plain)
    reachable = {"BoolIfExists": {"sagemaker:NetworkIsolation": "false"}}
    yield never("NeverTrainWithNetwork", *_TRAIN, conditions=reachable)
