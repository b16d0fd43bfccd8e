"""Cases of the SageMaker controls on model cards through Cloud Control, and on shares of models."""

from __future__ import annotations

import json

from tests.policies.cases import Body, Case, changed
from tests.policies.cases.sm import KEY, KEY_OF_AWS
from tests.policies.support import ACCOUNT

CARD = "AWS::SageMaker::ModelCard"
# A schema at hand: without one Terraform asks AWS for it while it plans.
SCHEMA = json.dumps({"typeName": CARD, "description": "A card", "properties": {}})
USES: Body = {"IntendedUses": "Picks payments to look at", "PurposeOfModel": "Scores payments", "RiskRating": "High"}
OVERVIEW: Body = {"ModelOwner": "fraud@acme.example"}
OTHER_TYPE: Body = {"type_name": "AWS::Other::Thing", "desired_state": '{"A": "b"}', "schema": SCHEMA}
GROUP = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:model-package-group/churn"
HUB = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:hub/models"


def _card(**properties: object) -> Body:
    """A card with these properties besides, or without those that are None."""
    whole = {
        "Content": {"IntendedUses": USES, "ModelOverview": OVERVIEW},
        "ModelCardName": "churn",
        "ModelCardStatus": "Draft",
        "SecurityConfig": {"KmsKeyId": KEY},
    }
    return {
        "type_name": CARD,
        "desired_state": json.dumps(changed(whole, **properties)),
        "schema": SCHEMA,
        "lifecycle": {"prevent_destroy": True},
    }


def _uses(**uses: object) -> Body:
    return _card(Content={"IntendedUses": changed(USES, **uses), "ModelOverview": OVERVIEW})


def _share(*permissions: str) -> Body:
    arns = [f"arn:aws:ram::aws:permission/AWSRAM{name}" for name in permissions]
    return {"name": "models", "allow_external_principals": False, "permission_arns": arns}


def _of(share: str, resource: str) -> Body:
    return {"resource_arn": resource, "resource_share_arn": f"${{aws_ram_resource_share.@{share}.arn}}"}


DEPLOY, REGISTER = (f"PermissionSageMakerModelPackageGroupAllow{what}" for what in ("Deploy", "Register"))
USE, RULE = (f"PermissionSageMakerHub{what}" for what in ("ReadAndUse", "FullAccessPolicy"))

CASES = [
    Case(
        "CKV_MLGOV_438",
        "aws_cloudcontrolapi_resource",
        passes={"said": _card()},
        fails={
            "unrated": (_uses(RiskRating="Unknown"), "Content.IntendedUses.RiskRating is Unknown, not among High"),
            "silent": (_uses(RiskRating=None), "Content.IntendedUses.RiskRating is not set"),
            "aimless": (_uses(PurposeOfModel=None), "Content.IntendedUses.PurposeOfModel is not set"),
            "unused": (_uses(IntendedUses=None), "Content.IntendedUses.IntendedUses is not set"),
            "empty": (_card(Content=None), "Content.ModelOverview.ModelOwner is not set"),
        },
        ignores={"other": OTHER_TYPE},
        alone="cards",
    ),
    Case(
        "CKV_MLGOV_439",
        "aws_cloudcontrolapi_resource",
        passes={"draft": _card()},
        fails={
            "approved": (_card(ModelCardStatus="Approved"), "ModelCardStatus is Approved, not Draft"),
            "absent": (_card(ModelCardStatus=None), "ModelCardStatus is not set"),
            "keyless": (_card(SecurityConfig=None), "SecurityConfig.KmsKeyId is not set"),
            "of_aws": (_card(SecurityConfig={"KmsKeyId": KEY_OF_AWS}), "a key of AWS"),
        },
        ignores={"other": OTHER_TYPE},
        alone="cards",
    ),
    Case(
        "CKV_MLGOV_440",
        "aws_cloudcontrolapi_resource",
        passes={"kept": _card()},
        fails={
            "bare": (changed(_card(), lifecycle=None), "lifecycle.prevent_destroy is not true"),
            "off": (changed(_card(), lifecycle={"prevent_destroy": False}), "lifecycle.prevent_destroy is not true"),
        },
        ignores={"other": OTHER_TYPE},
        alone="cards",
    ),
    Case(
        "CKV_MLGOV_441",
        "aws_ram_resource_share",
        passes={"deploy": _share(DEPLOY), "use": _share(USE), "made": _share(DEPLOY)},
        fails={
            "default": (_share(), "permission_arns holds 0 permissions: name one"),
            "two": (_share(DEPLOY, REGISTER), "permission_arns holds 2 permissions"),
            "register": (_share(REGISTER), "permission_arns holds AWSRAMPermissionSageMakerModelPackageGroupAllowReg"),
            "rule": (_share(RULE), "permission_arns holds AWSRAMPermissionSageMakerHubFullAccessPolicy"),
            "both": (_share(DEPLOY), "it shares model groups and a hub together"),
        },
        ignores={"network": {"name": "transit", "allow_external_principals": False}},
        beside={
            "aws_sagemaker_model_package_group.own": {"model_package_group_name": "own"},
            "aws_ram_resource_association.of_deploy": _of("deploy", GROUP),
            "aws_ram_resource_association.of_use": _of("use", HUB),
            "aws_ram_resource_association.of_made": _of("made", "${aws_sagemaker_model_package_group.@own.arn}"),
            "aws_ram_resource_association.of_default": _of("default", HUB),
            "aws_ram_resource_association.of_two": _of("two", GROUP),
            "aws_ram_resource_association.of_register": _of("register", GROUP),
            "aws_ram_resource_association.of_rule": _of("rule", HUB),
            "aws_ram_resource_association.of_both": _of("both", GROUP),
            "aws_ram_resource_association.of_both_too": _of("both", HUB),
        },
        alone="cards",
    ),
]
