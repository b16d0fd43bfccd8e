"""What people of a team may do in Studio: their own apps and spaces, and nobody else's. No cdktf here.

SageMaker fills `sagemaker:DomainId` and `sagemaker:UserProfileName` in for calls from Studio, so that one statement
holds each person to their own profile: https://docs.aws.amazon.com/sagemaker/latest/dg/domain-user-profile-policy.html
"""

from __future__ import annotations

from collections.abc import Iterator

from modules.core.iam import Conditions, Statement, policy_variable
from modules.ml_use_case.names import packages_parameter, tracking_server_arn
from modules.ml_use_case.role_words import never
from modules.ml_use_case.workplace import Workplace

_DOMAIN, _ME = policy_variable("sagemaker:DomainId"), policy_variable("sagemaker:UserProfileName")
_SHARING = "sagemaker:SpaceSharingType"
_TRACK = (
    "CreateExperiment",
    "CreateRun",
    "DeleteRun",
    "DeleteTag",
    "GetExperiment",
    "GetExperimentByName",
    "GetMetricHistory",
    "GetRun",
    "ListArtifacts",
    "LogBatch",
    "LogInputs",
    "LogMetric",
    "LogModel",
    "LogParam",
    "RestoreRun",
    "SearchExperiments",
    "SearchRuns",
    "SetExperimentTag",
    "SetTag",
    "UpdateExperiment",
    "UpdateRun",
)


def works_in_studio(place: Workplace, *, shares: bool) -> Iterator[Statement]:
    """Opening one's own profile, and running one's own private space; with `shares` apps in the team's shared space.

    In a shared space everybody works as one role, the data scientist's: who has another role stays out of it.
    """
    (me,) = place.sagemaker(f"user-profile/{_DOMAIN}/{_ME}")
    apps, spaces = place.sagemaker(f"app/{_DOMAIN}/*", f"space/{_DOMAIN}/*")
    mine: Conditions = {"ArnEquals": {"sagemaker:OwnerUserProfileArn": me}, "StringEquals": {_SHARING: "Private"}}
    run = ("sagemaker:CreateApp", "sagemaker:DeleteApp")
    yield Statement("OpenOwnProfile", actions=("sagemaker:CreatePresignedDomainUrl",), resources=(me,))
    yield Statement("RunOwnApps", actions=run, resources=(apps,), conditions=mine)
    changes = ("sagemaker:CreateSpace", "sagemaker:DeleteSpace", "sagemaker:UpdateSpace")
    yield Statement("KeepOwnSpaces", actions=changes, resources=(spaces,), conditions=mine)
    yield Statement(
        "TagWhatStudioMakes",
        actions=("sagemaker:AddTags",),
        resources=(apps, spaces),
        conditions={"Null": {"sagemaker:TaggingAction": "false"}},
    )
    # What a space's script reads when it starts.
    yield Statement(
        "ReadStudioParameters",
        actions=("ssm:GetParameter",),
        resources=(place.naming.arn("ssm", f"parameter{packages_parameter(place.naming, place.team)}"),),
    )
    if shares:
        shared: Conditions = {"StringEquals": {_SHARING: "Shared"}}
        yield Statement("RunSharedApps", actions=run, resources=(apps,), conditions=shared)


def tracks_experiments(place: Workplace) -> Iterator[Statement]:
    """Runs on the team's MLflow server. Models are registered in SageMaker alone, where they are approved."""
    server = (tracking_server_arn(place.naming, place.team),)
    yield Statement("OpenExperiments", actions=("sagemaker:CreatePresignedMlflowTrackingServerUrl",), resources=server)
    # Which server, the URL says, and who gets one: opening it has no resources in IAM.
    yield Statement("SeeExperiments", actions=("sagemaker-mlflow:AccessUI",), resources=("*",))
    yield Statement("TrackExperiments", actions=[f"sagemaker-mlflow:{what}" for what in _TRACK], resources=server)


def studio_denials(place: Workplace) -> Iterator[Statement]:
    """No larger instance than is offered (SM-06), no profile changed: a profile says as which role one works."""
    yield never(
        "NeverLargerInstances",
        "sagemaker:CreateApp",
        "sagemaker:CreateSpace",
        "sagemaker:UpdateSpace",
        conditions={"ForAnyValue:StringNotLike": {"sagemaker:InstanceTypes": place.instance_types}},
    )
    yield never(
        "NeverDomainsAndProfiles",
        *(f"sagemaker:{verb}{what}" for verb in ("Create", "Delete", "Update") for what in ("Domain", "UserProfile")),
    )
    yield never("NeverProjects", "sagemaker:CreateProject", "servicecatalog:ProvisionProduct")
