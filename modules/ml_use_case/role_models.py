"""What a team's roles may do with models: register them and serve them. No cdktf here.

No role approves (control SM-42): whoever may hand one to a service, or runs code in a notebook, would approve with it.
A lead approves as the person who signed in, by the permission set of Identity Center.
"""

from __future__ import annotations

from collections.abc import Iterator

from modules.core.iam import Statement
from modules.ml_use_case.role_words import never, never_other_volumes
from modules.ml_use_case.workplace import Workplace

_MODELS = ("endpoint-config/*", "endpoint/*", "model/*")
_STATUS = "sagemaker:ModelApprovalStatus"


def registers(place: Workplace) -> Iterator[Statement]:
    """New versions of the team's models, each waiting for approval."""
    yield Statement(
        "Register",
        actions=("sagemaker:CreateModelPackage",),
        resources=(place.model_versions,),
        conditions={"StringEquals": {_STATUS: "PendingManualApproval"}},
    )


def makes_models(place: Workplace) -> Iterator[Statement]:
    """Models for batches and explanations: what a build runs, never an endpoint."""
    arns = place.sagemaker("model/*")
    yield Statement("MakeModels", actions=("sagemaker:CreateModel",), resources=arns, conditions=place.made)
    yield Statement("EndModels", actions=("sagemaker:DeleteModel",), resources=arns, conditions=place.owned)


def explains(place: Workplace) -> Iterator[Statement]:
    """The endpoints that SageMaker Clarify puts up for the time of a job, under this prefix and without tags of ours.

    https://docs.aws.amazon.com/sagemaker/latest/dg/clarify-processing-job-run.html
    """
    whats = ("Endpoint", "EndpointConfig")
    yield Statement(
        "ExplainModels",
        actions=(
            *(f"sagemaker:{verb}{what}" for verb in ("Create", "Delete") for what in whats),
            "sagemaker:InvokeEndpoint",
        ),
        resources=place.sagemaker("endpoint-config/sm-clarify-*", "endpoint/sm-clarify-*"),
    )


def serves(place: Workplace) -> Iterator[Statement]:
    """Models behind endpoints of the team, in dev."""
    arns = place.sagemaker(*_MODELS)
    makes = tuple(f"sagemaker:Create{what}" for what in ("Endpoint", "EndpointConfig", "Model"))
    yield Statement("MakeEndpoints", actions=makes, resources=arns, conditions=place.made)
    yield Statement(
        "RunEndpoints",
        actions=(
            *(f"sagemaker:Delete{what}" for what in ("Endpoint", "EndpointConfig", "Model")),
            "sagemaker:InvokeEndpoint",
            "sagemaker:InvokeEndpointAsync",
            "sagemaker:UpdateEndpoint",
            "sagemaker:UpdateEndpointWeightsAndCapacities",
        ),
        resources=arns,
        conditions=place.owned,
    )


def endpoint_denials(place: Workplace) -> Iterator[Statement]:
    """No volume of an endpoint under another key than the account's for endpoints."""
    keys = place.keys("endpoint")
    yield never_other_volumes("NeverEndpointUnderAnotherKey", "sagemaker:CreateEndpointConfig", keys=keys)


def never_approves() -> Iterator[Statement]:
    """No change of an approval, and no registration that is approved, or refused, from the start."""
    yield never("NeverApprove", "sagemaker:UpdateModelPackage", conditions={"Null": {_STATUS: "false"}})
    decided = {"StringEquals": {_STATUS: ("Approved", "Rejected")}}
    yield never("NeverRegisterApproved", "sagemaker:CreateModelPackage", conditions=decided)


def never_builds() -> Iterator[Statement]:
    """For the role of who approves elsewhere: no registration, no code run as another role, no deployment."""
    yield never("NeverRegister", "sagemaker:CreateModelPackage")
    yield never(
        "NeverBuildOrDeploy",
        *(f"sagemaker:Create{what}" for what in ("Endpoint*", "Model", "*Job*", "Pipeline")),
        "sagemaker:StartPipelineExecution",
        "sagemaker:UpdateEndpoint*",
        "sagemaker:UpdatePipeline",
        "iam:PassRole",
    )
