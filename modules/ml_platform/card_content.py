"""What a project's file says, as the content of its model card. No cdktf here.

Only what YAML knows: training, evaluation, and the version in the registry are written by those who learn of them. The
names are CloudFormation's (`AWS::SageMaker::ModelCard`), which writes SageMaker's schema of cards from them.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-modelcard.html
"""

from __future__ import annotations

from collections.abc import Mapping

from modules.ml_platform.registered_model import RegisteredModel

# Keys of the organisation's own details; functions and queries go by them.
GATE, METRIC, PROJECT, TEAM, TEMPLATE = "gate", "gate_metric", "project", "team", "template"


def card_content(model: RegisteredModel, group: str) -> Mapping[str, Mapping[str, object]]:
    """The content; `group` is the model's group in the registry. Every text is within the schema's bounds already."""
    return {
        "AdditionalInformation": {
            "CustomDetails": {
                GATE: model.gate,
                METRIC: model.metric,
                PROJECT: model.project,
                TEAM: model.team,
                TEMPLATE: model.template,
            }
        },
        "BusinessDetails": {"BusinessStakeholders": model.owner, "LineOfBusiness": model.line_of_business},
        "IntendedUses": {
            "IntendedUses": model.intended_use,
            "PurposeOfModel": model.description,
            "RiskRating": model.risk,
        },
        "ModelOverview": {
            "ModelCreator": model.team,
            "ModelDescription": model.description,
            "ModelName": group,
            "ModelOwner": model.owner,
        },
    }
