"""What may be set for the policies of the organisation that configure services instead of denying requests."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from modules.core.settings import Shape, Strict, Title

ManagementType = Literal["AISERVICES_OPT_OUT_POLICY", "BACKUP_POLICY", "DECLARATIVE_POLICY_EC2", "TAG_POLICY"]
# From the loosest to the tightest, as units have them.
Level = Literal["sandbox", "standard", "strict", "quarantine"]
LEVELS: tuple[Level, ...] = ("sandbox", "standard", "strict", "quarantine")
COLD_DAYS = 90  # the least time that AWS Backup keeps in cold storage what it moved there

ImageProvider = Annotated[
    str,
    Shape(
        r"amazon|aws_marketplace|aws_backup_vault|[0-9]{12}",
        "amazon, aws_marketplace, aws_backup_vault or the 12 digits of an account",
        16,
    ),
]
TagResource = Annotated[
    str, Shape(r"[a-z0-9-]+:(?:[a-z0-9-]+|\*)", "a service and its kind of resource, such as s3:bucket", 64)
]
PlanName = Annotated[str, Shape(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", "lower-case letters, digits and hyphens", 20)]
Schedule = Annotated[str, Shape(r"cron\([0-9A-Z,*/?# -]+\)", "a schedule such as cron(0 3 ? * * *)", 128)]


class InternetBlock(Strict):
    """Whether the internet reaches the VPCs of an account. `exclusions`: whether it may except a VPC or a subnet.

    `block_ingress` leaves the way out through NAT and egress-only gateways open.
    """

    mode: Literal["off", "block_ingress", "block_bidirectional"]
    exclusions: bool


class InternetBlocks(Strict):
    """The block of each level."""

    sandbox: InternetBlock = InternetBlock(mode="block_ingress", exclusions=True)
    standard: InternetBlock = InternetBlock(mode="block_ingress", exclusions=True)
    strict: InternetBlock = InternetBlock(mode="block_ingress", exclusions=False)
    quarantine: InternetBlock = InternetBlock(mode="block_bidirectional", exclusions=False)

    def of(self, level: Level) -> InternetBlock:
        """The block of `level`."""
        return {
            "sandbox": self.sandbox,
            "standard": self.standard,
            "strict": self.strict,
            "quarantine": self.quarantine,
        }[level]


class DeclarativeSettings(Strict):
    """What EC2, EBS and VPC are in every account of a level, whatever its own settings say.

    `image_providers` are those whose machine images are expected; others are reported, not refused.
    `message` is what a person reads whose call such a policy refuses.
    """

    enabled: bool = True
    internet: InternetBlocks = InternetBlocks()
    image_providers: Annotated[tuple[ImageProvider, ...], Field(min_length=1, max_length=50)] = ("amazon",)
    message: Title = "Set by a declarative policy of the organisation: ask the cloud platform team"


class TagSettings(Strict):
    """Case and values of the tags that the platform writes.

    `bounded`: whether values are those of YAML alone. Where a unit's level is `enforced_from` or tighter, AWS refuses
    another value for the kinds of resources in `enforced_for`; elsewhere it is reported. A missing tag never is.
    """

    enabled: bool = True
    bounded: bool = True
    enforced_from: Level = "strict"
    enforced_for: tuple[TagResource, ...] = ("ec2:instance", "ec2:volume", "s3:bucket")


class BackupPlan(Strict):
    """When what is tagged with the plan's name is backed up (UTC), and for how many days it is kept."""

    schedule: Schedule
    keep_days: Annotated[int, Field(ge=1, le=36_500)]
    cold_after_days: Annotated[int, Field(ge=1, le=36_500)] | None = None

    @model_validator(mode="after")
    def _stays_cold(self) -> Self:
        if self.cold_after_days is not None and self.keep_days < self.cold_after_days + COLD_DAYS:
            raise ValueError(
                f"keep_days must be at least cold_after_days + {COLD_DAYS}, as AWS Backup keeps for {COLD_DAYS} days "
                f"what it made cold (got {self.keep_days} and {self.cold_after_days})"
            )
        return self


class BackupSettings(Strict):
    """Plans by name. A resource with the tag `tag_key: <name>` is backed up by the plan of that name."""

    enabled: bool = True
    tag_key: Annotated[str, Shape(r"[A-Za-z][A-Za-z0-9]*", "letters and digits", 64)] = "Backup"
    plans: Annotated[dict[PlanName, BackupPlan], Field(min_length=1, max_length=5)] = Field(
        default_factory=lambda: {
            "daily": BackupPlan(schedule="cron(0 3 ? * * *)", keep_days=35),
            "monthly": BackupPlan(schedule="cron(0 3 1 * ? *)", keep_days=365, cold_after_days=30),
        }
    )


class OptOutSettings(Strict):
    """Whether AWS may use content of this organisation to improve its AI services: not if `enabled`."""

    enabled: bool = True


class PoliciesSettings(Strict):
    """The policies of the organisation, each with a switch of its own."""

    declarative: DeclarativeSettings = DeclarativeSettings()
    tags: TagSettings = TagSettings()
    backup: BackupSettings = BackupSettings()
    ai_opt_out: OptOutSettings = OptOutSettings()

    @property
    def enabled_types(self) -> dict[str, ManagementType]:
        """The policy type of each switch that is on."""
        switches: tuple[tuple[str, bool, ManagementType], ...] = (
            ("declarative", self.declarative.enabled, "DECLARATIVE_POLICY_EC2"),
            ("tags", self.tags.enabled, "TAG_POLICY"),
            ("backup", self.backup.enabled, "BACKUP_POLICY"),
            ("ai_opt_out", self.ai_opt_out.enabled, "AISERVICES_OPT_OUT_POLICY"),
        )
        return {name: kind for name, on, kind in switches if on}
