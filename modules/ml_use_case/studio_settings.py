"""Who of a team works in SageMaker Studio, as its file says, and what may be set for Studio. No cdktf here."""

from __future__ import annotations

from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, Field, model_validator

from modules.core.settings import Shape, Strict, Title, distinct

# Who works in Studio, each as the execution role of this name; the people of the permission set of the same name.
StudioPersona = Literal["data-scientist", "ml-engineer", "ml-team-lead"]
STUDIO_PERSONAS: tuple[StudioPersona, ...] = get_args(StudioPersona)
# What runs without people: jobs and pipelines, and endpoints.
ServiceRole = Literal["pipeline", "serving"]
# Guardrail levels by which Studio offers more or less.
OfferLevel = Literal["sandbox", "standard", "strict"]
# What the editor is; the other apps of Studio are hidden.
Editor = Literal["CodeEditor", "JupyterLab"]
Tool = Literal[
    "AutoMl",
    "Comet",
    "DataWrangler",
    "DeepchecksLLMEvaluation",
    "EmrClusters",
    "Endpoints",
    "Experiments",
    "FeatureStore",
    "Fiddler",
    "HyperPodClusters",
    "InferenceOptimization",
    "InferenceRecommender",
    "JumpStart",
    "LakeraGuard",
    "ModelEvaluation",
    "Models",
    "PerformanceEvaluation",
    "Pipelines",
    "Projects",
    "Training",
]
# A user name in IAM Identity Center that is a name of a user profile and of a space, too.
UserName = Annotated[
    str,
    Shape(r"[A-Za-z0-9][A-Za-z0-9]*(?:[.-][A-Za-z0-9]+)*", "a user name in Identity Center such as maria.sole", 40),
]
InstancePattern = Annotated[
    str, Shape(r"system|ml\.[a-z0-9*]+\.[a-z0-9*]+", "an instance type of SageMaker, with * for any text", 32)
]
ImageName = Annotated[
    str, Shape(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", "lower-case letters, digits and single hyphens, a letter first", 20)
]
Digest = Annotated[str, Shape(r"sha256:[0-9a-f]{64}", "a digest of an image such as sha256:<64 hex digits>", 71)]
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DefaultEbsStorageSettings.html
SpaceGb = Annotated[int, Field(ge=5, le=16_384)]
# SageMaker shuts nothing down sooner; the gate allows two hours (`idle_minutes` of policies/limits.yaml).
IdleMinutes = Annotated[int, Field(ge=60, le=525_600)]


class StudioUser(Strict):
    """One of a team who works in Studio."""

    persona: StudioPersona = "data-scientist"


class SharedSpace(Strict):
    """A space in which the team's data scientists edit together; AWS never changes its owner."""

    owner: UserName


class TeamStudio(Strict):
    """Studio of one team, in its dev account: its users by their user names in Identity Center."""

    users: dict[UserName, StudioUser] = Field(default_factory=dict)
    shared_space: SharedSpace | None = None


class Offer(Strict):
    """What Studio offers: instance types by pattern, and every tool of its menu but these."""

    instance_types: Annotated[tuple[InstancePattern, ...], Field(min_length=1), AfterValidator(distinct)]
    hidden_tools: Annotated[tuple[Tool, ...], AfterValidator(distinct)]


# What runs outside of the platform's network, roles or review: clusters, AutoML of Canvas, apps of partners.
_HIDDEN: tuple[Tool, ...] = (
    "AutoMl",
    "Comet",
    "DeepchecksLLMEvaluation",
    "EmrClusters",
    "Fiddler",
    "HyperPodClusters",
    "LakeraGuard",
)
_GENERAL = ("system", "ml.t3.*", "ml.m5.*", "ml.c5.*")


class Offers(Strict):
    """What Studio offers where the account's unit has this guardrail level."""

    sandbox: Offer = Offer(instance_types=(*_GENERAL, "ml.m6i.*", "ml.g4dn.xlarge"), hidden_tools=_HIDDEN)
    standard: Offer = Offer(instance_types=_GENERAL, hidden_tools=(*_HIDDEN, "DataWrangler"))
    strict: Offer = Offer(
        instance_types=("system", "ml.t3.*"), hidden_tools=(*_HIDDEN, "DataWrangler", "Endpoints", "Training")
    )

    def at(self, level: OfferLevel) -> Offer:
        """The offer of the level."""
        return {"sandbox": self.sandbox, "standard": self.standard, "strict": self.strict}[level]


class IdleSettings(Strict):
    """After how many minutes without use an editor shuts down, and how far a person may change that."""

    minutes: IdleMinutes = 60
    minimum: IdleMinutes = 60
    maximum: IdleMinutes = 120

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.minimum <= self.minutes <= self.maximum:
            raise ValueError("must have minutes between minimum and maximum")
        return self


class SpaceSettings(Strict):
    """The volume of a space, in gigabytes: at first, and at most."""

    gigabytes: SpaceGb = 20
    maximum_gigabytes: SpaceGb = 100

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.gigabytes > self.maximum_gigabytes:
            raise ValueError("must have gigabytes up to maximum_gigabytes")
        return self


class StudioImage(Strict):
    """An image of the central repository `studio`, by its digest: what was scanned is what runs."""

    description: Title
    digest: Digest
    editors: Annotated[tuple[Editor, ...], Field(min_length=1), AfterValidator(distinct)] = ("CodeEditor", "JupyterLab")


class ExperimentsSettings(Strict):
    """The MLflow server of each team. AWS bills it by the hour, by its size, whether it is used or not."""

    enabled: bool = True
    size: Literal["Small", "Medium", "Large"] = "Small"


class StudioSettings(Strict):
    """Studio of every team. `keep_days` is how long overwritten and deleted files of the workspace can be had back."""

    offers: Offers = Offers()
    idle: IdleSettings = IdleSettings()
    spaces: SpaceSettings = SpaceSettings()
    images: dict[ImageName, StudioImage] = Field(default_factory=dict)
    experiments: ExperimentsSettings = ExperimentsSettings()
    keep_days: Annotated[int, Field(ge=30, le=3650)] = 90
