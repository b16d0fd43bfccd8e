"""What may be set for AWS Config: the recorders of every account, and the rules of the organisation."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from modules.core.settings import AccountName, RolePattern, Shape, Strict

# What the platform is about: its history is evidence, so it is never left out.
ALWAYS_RECORDED = ("AWS::SageMaker::", "AWS::Glue::", "AWS::LakeFormation::", "AWS::Athena::")
Delivery = Literal["One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours"]
Pack = Literal["fsbp", "ml-governance", "nist-800-53"]
ResourceType = Annotated[
    str, Shape(r"AWS::[A-Za-z0-9]+::[A-Za-z0-9]+", "a resource type such as AWS::EC2::NetworkInterface", 128)
]
Area = Annotated[str, Shape(r"[A-Z]+", "an area of the control catalogue such as SM", 8)]
RuleName = Annotated[str, Shape(r"[a-z0-9]+(?:-[a-z0-9]+)*", "the name of a rule such as sagemaker-model-in-vpc", 64)]
ParameterName = Annotated[str, Shape(r"[A-Za-z][A-Za-z0-9]*", "the name of a rule's parameter", 64)]
ParameterValue = Annotated[str, Shape(r"[^\n]*\S[^\n]*", "one line that is not blank", 1024)]


def _left_out(types: tuple[str, ...]) -> tuple[str, ...]:
    if kept := sorted(kind for kind in types if kind.startswith(ALWAYS_RECORDED)):
        raise ValueError(f"must not name {', '.join(kept)}: what the platform runs on is always recorded")
    return types


class RecorderSettings(Strict):
    """The recorder of every account and region; `retention_days` bound what Config's own interface shows.

    `source: control-tower` makes none: accounts that Control Tower enrolled have its recorder, and AWS allows one.
    `daily_types` are recorded once a day, `excluded_types` not at all, everything else at every change. The history
    bucket gets a snapshot at `delivery`, beside every change.
    """

    source: Literal["mlgov", "control-tower"] = "mlgov"
    excluded_types: Annotated[tuple[ResourceType, ...], AfterValidator(_left_out)] = ()
    daily_types: tuple[ResourceType, ...] = ()
    delivery: Delivery = "TwentyFour_Hours"
    retention_days: Annotated[int, Field(ge=30, le=2557)] = 2557


class ConfigSettings(Strict):
    """AWS Config of the organisation. Rules come from the detective points of the control catalogue.

    `areas` are those of the catalogue whose rules stand as rules of the organisation (None: all). `packs` are
    conformance packs of all areas; AWS bills an evaluation for each rule and each pack that holds it. `without` names
    rules that neither has; `parameters` override those of a rule. `repairs` adds repairs that a person starts and
    another approves: one of `repair_approvers`, patterns of role names with their path. `excluded_accounts` have
    neither rules nor packs.
    """

    recorder: RecorderSettings = RecorderSettings()
    areas: tuple[Area, ...] | None = None
    without: tuple[RuleName, ...] = ()
    parameters: dict[RuleName, dict[ParameterName, ParameterValue]] = Field(default_factory=dict)
    packs: tuple[Pack, ...] = ("ml-governance",)
    repairs: bool = True
    repair_approvers: Annotated[tuple[RolePattern, ...], Field(min_length=1)] = (
        "aws-reserved/sso.amazonaws.com/*AWSReservedSSO_mlgov-security-auditor_*",
    )
    excluded_accounts: tuple[AccountName, ...] = ()
