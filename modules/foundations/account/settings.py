"""What may be set for the keys, backups, quotas and budgets of every account. No cdktf here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from modules.core.settings import Shape, Strict, Title

# The roles an account may have, as in environments/vocabulary.py (a test holds the two together).
AccountRole = Literal[
    "management",
    "log-archive",
    "security-tooling",
    "network",
    "shared-services",
    "data-governance",
    "feature-store",
    "ml-shared-services",
    "observability",
    "data-domain",
    "ml-team",
]
# Aliases `<organisation>-<environment>-<purpose>` that other stacks make in the same accounts.
TAKEN_PURPOSES = ("logs", "tfstate")


def _free(purpose: str) -> str:
    if purpose in TAKEN_PURPOSES:
        raise ValueError(f"must not be {purpose}: another stack makes the key of that name")
    return purpose


PurposeName = Annotated[
    str,
    Shape(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", "lower-case letters, digits and single hyphens, a letter first", 24),
    AfterValidator(_free),
]
Schedule = Annotated[str, Shape(r"cron\([^()]+\)", "a schedule of AWS Backup such as cron(0 3 ? * * *)", 64)]


class KeysSettings(Strict):
    """The key catalogue: purposes by role beside those that are built in. A key costs one US dollar a month.

    Outside the home region stand the keys that the baseline itself needs there (logs, backups, volumes); an account
    with one of the roles of `abroad` has all its keys in every governed region.
    """

    added: dict[AccountRole, tuple[PurposeName, ...]] = Field(default_factory=dict)
    abroad: tuple[AccountRole, ...] = ()


class Frequency(Strict):
    """A backup rule: when (UTC), and after how many days a recovery point is deleted."""

    schedule: Schedule
    keep_days: Annotated[int, Field(ge=1, le=36_500)]


class RestoreTestingSettings(Strict):
    """Restores that prove the backups: which accounts, which kinds of resources, when (UTC).

    The newest recovery point of the last `window_days` is restored, kept for `inspect_hours`, then deleted.
    """

    roles: tuple[AccountRole, ...] = ("feature-store", "ml-shared-services")
    resource_types: tuple[Literal["DynamoDB", "EBS", "EFS", "RDS", "S3"], ...] = ("DynamoDB", "S3")
    schedule: Schedule = "cron(0 5 ? * SUN *)"
    window_days: Annotated[int, Field(ge=1, le=365)] = 30
    inspect_hours: Annotated[int, Field(ge=1, le=168)] = 4


class BackupSettings(Strict):
    """The backup vault of every account and region, what is backed up into it, and what proves it.

    `plan` says who makes the plans: the organisation's backup policy, or the account itself, by the tag `Backup`
    with the value `daily` or `weekly`. A vault in governance mode can be unlocked by who may administer it; in
    compliance mode by nobody, once `cooling_off_days` have passed. Retention outside of the lock's bounds makes
    AWS Backup refuse the job, so the rules must lie within.
    """

    plan: Literal["organization", "account"] = "organization"
    lock: Literal["governance", "compliance"] = "governance"
    cooling_off_days: Annotated[int, Field(ge=3, le=36_500)] = 14
    min_retention_days: Annotated[int, Field(ge=1, le=36_500)] = 7
    max_retention_days: Annotated[int, Field(ge=1, le=36_500)] = 3_650
    daily: Frequency = Frequency(schedule="cron(0 1 ? * * *)", keep_days=35)
    weekly: Frequency = Frequency(schedule="cron(0 2 ? * SAT *)", keep_days=365)
    protected: Annotated[tuple[Literal["DynamoDB", "EBS", "EC2", "EFS", "RDS", "S3"], ...], Field(min_length=1)] = (
        "DynamoDB",
        "EBS",
        "EC2",
        "EFS",
        "RDS",
        "S3",
    )
    restore_testing: RestoreTestingSettings = RestoreTestingSettings()

    @model_validator(mode="after")
    def _retention_lies_within_the_lock(self) -> Self:
        least, most = self.min_retention_days, self.max_retention_days
        if least > most:
            raise ValueError(f"min_retention_days ({least}) must not exceed max_retention_days ({most})")
        for name, rule in (("daily", self.daily), ("weekly", self.weekly)):
            if not least <= rule.keep_days <= most:
                raise ValueError(f"{name}.keep_days must lie from {least} to {most}, as the vault is locked to")
        return self


class Quota(Strict):
    """A service quota to have at least: AWS's codes for it, the value, and a name for people.

    `aws service-quotas list-service-quotas --service-code SERVICE` lists the codes. The quotas of global services
    (IAM) are not of this kind: AWS keeps them in one region alone.
    """

    name: Title
    service: Annotated[str, Shape(r"[a-z][a-z0-9-]*", "the code of a service such as sagemaker", 63)]
    code: Annotated[str, Shape(r"L-[0-9A-F]{8}", "the code of a quota such as L-2F737F8D", 10, shortest=10)]
    value: Annotated[int, Field(ge=1)]


def _each_once(quotas: tuple[Quota, ...]) -> tuple[Quota, ...]:
    keys = [(quota.service, quota.code) for quota in quotas]
    if repeated := sorted({code for _, code in keys if keys.count((_, code)) > 1}):
        raise ValueError(f"must name each quota once, and repeats {', '.join(repeated)}")
    return quotas


Quotas = Annotated[tuple[Quota, ...], AfterValidator(_each_once)]
_BUILDS = Quota(name="Concurrent builds, Linux small", service="codebuild", code="L-9D07B6EF", value=10)
_BY_ROLE: Mapping[AccountRole, tuple[Quota, ...]] = {
    "ml-shared-services": (_BUILDS,),
    "ml-team": (
        Quota(name="Training, ml.m5.xlarge", service="sagemaker", code="L-CCE2AFA6", value=4),
        Quota(name="Training, ml.g5.xlarge", service="sagemaker", code="L-B6D80D9C", value=1),
        Quota(name="Processing, ml.m5.xlarge", service="sagemaker", code="L-0307F515", value=4),
        Quota(name="Endpoints, ml.m5.xlarge", service="sagemaker", code="L-2F737F8D", value=4),
        Quota(name="Endpoints, ml.g5.xlarge", service="sagemaker", code="L-1928E07B", value=1),
        Quota(name="JupyterLab in Studio, ml.t3.medium", service="sagemaker", code="L-71FAF417", value=20),
        _BUILDS,
    ),
}
# AWS allows so many requests in the template of an organisation.
TEMPLATE_REQUESTS = 10


class QuotasSettings(Strict):
    """Service quotas: asked for by accounts with a role in the home region, and by AWS for accounts yet to be made.

    A request of `template` is made by AWS in each governed region when it creates an account. AWS takes one open
    request for a quota at a time, so a quota of the template is not asked for by a role, too.
    """

    by_role: dict[AccountRole, Quotas] = Field(default_factory=lambda: dict(_BY_ROLE))
    template: Annotated[Quotas, Field(max_length=TEMPLATE_REQUESTS)] = ()

    @model_validator(mode="after")
    def _asked_for_once(self) -> Self:
        by_role = {(quota.service, quota.code) for quotas in self.by_role.values() for quota in quotas}
        if twice := sorted(quota.code for quota in self.template if (quota.service, quota.code) in by_role):
            raise ValueError(f"template and by_role must not both ask for {', '.join(twice)}")
        return self


class BudgetSettings(Strict):
    """Monthly cost budgets: when their owner hears of them, in percent of the budget.

    `default_monthly_usd` is the budget of accounts for which no team and no data domain has one; None: no budget.
    """

    actual_percent: Annotated[int, Field(ge=1, le=1000)] = 80
    forecast_percent: Annotated[int, Field(ge=1, le=1000)] = 100
    default_monthly_usd: Annotated[int, Field(ge=1)] | None = None
