"""What people make by CloudFormation in an account is judged before it is made."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.s3_object import S3Object
from constructs import Construct

from modules.core.bucket import Bucket, Retention
from modules.core.cloud_control.guard_hook import GuardHook
from modules.core.iam import Statement, service
from modules.core.key import Key
from modules.core.naming import Naming
from modules.core.role import Role
from modules.foundations.settings import HookSettings

ALIAS = "Mlgov::Governance::MachineLearning"
RULES = "rules/machine-learning.guard"


class CloudFormationHook(Construct):
    """The account's Guard hook in one region, with its bucket `<organisation>-<environment>-<what>`, key and role.

    `what` names the three of them; it holds the region outside the home region, as names of roles and buckets do not.
    `rules` is Guard text for both of the inputs that AWS gives a hook.

    Guarantees:
    - templates and resources that break a rule are refused; so is everything when the hook itself fails, unless set
      to warn;
    - the hook judges by exactly the version of the rules that this stack wrote;
    - the hook can read the rules and write its findings, and cannot change the rules.

    Controls: SM-01, SM-15, SM-16, SM-17, SM-32, SM-35 (FSBP SageMaker.1, SageMaker.2, SageMaker.3; NIST 800-53 CM-3).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        settings: HookSettings,
        rules: str,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        key = Key(self, "key", naming=naming, purpose=what)
        bucket = Bucket(
            self,
            "bucket",
            naming=naming,
            what=what,
            key_arn=key.arn,
            retention=Retention(noncurrent_days=settings.noncurrent_days),
        )
        text = S3Object(
            self,
            "rules",
            bucket=bucket.name,
            key=RULES,
            content=rules.replace("${", "$${").replace("%{", "%%{"),
            content_type="text/plain",
            kms_key_id=key.arn,
        )
        role = Role(
            self,
            "role",
            naming=naming,
            what=what,
            description="The Guard hook reads its rules and writes its findings as this role",
            boundary_arn=boundary_arn,
            trust=[
                Statement(
                    "Hooks",
                    actions=("sts:AssumeRole",),
                    principals=service("hooks.cloudformation.amazonaws.com"),
                    conditions={"StringEquals": {"aws:SourceAccount": naming.account_id}},
                )
            ],
            statements=[
                Statement("FindRules", actions=("s3:ListBucket",), resources=(bucket.arn,)),
                Statement(
                    "ReadRules",
                    actions=("s3:GetObject", "s3:GetObjectVersion"),
                    resources=(f"{bucket.arn}/{RULES}",),
                ),
                Statement("WriteFindings", actions=("s3:PutObject",), resources=(f"{bucket.arn}/*",)),
                Statement(
                    "NeverTheRules",
                    actions=("s3:PutObject",),
                    resources=(f"{bucket.arn}/{RULES}",),
                    effect="Deny",
                ),
                Statement("UseKey", actions=("kms:Decrypt", "kms:GenerateDataKey"), resources=(key.arn,)),
            ],
        )
        GuardHook(
            self,
            "hook",
            alias=ALIAS,
            failure_mode=settings.failure_mode,
            role_arn=role.arn,
            rules_uri=f"s3://{naming.bucket(what)}/{RULES}",
            rules_version=text.version_id,
            log_bucket=naming.bucket(what),
        )
