"""Approved versions of all teams' models on their way into the central registry."""

from __future__ import annotations

import json
from pathlib import Path

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import (
    CloudwatchEventTarget,
    CloudwatchEventTargetDeadLetterConfig,
)
from constructs import Construct

from modules.core.assets import Archive
from modules.core.errors import ConfigError
from modules.core.event_delivery import TRIED_FOR_A_DAY
from modules.core.iam import Statement, policy_length
from modules.core.libraries import TELEMETRY
from modules.core.naming import Naming
from modules.core.queue_worker import QueueWorker, Work
from modules.core.wiring import holder
from modules.ml_operations.aws_registries import AWS_REGISTRIES
from modules.ml_operations.functions.promote_model.origin import PROJECTS
from modules.ml_operations.names import PROMOTIONS
from modules.ml_operations.promotion_access import copies_images, reads_models, writes_copies
from modules.ml_operations.promotion_alarms import PromotionAlarms
from modules.ml_operations.promotion_claims import PromotionClaims
from modules.ml_operations.promotion_settings import PromotionSettings
from modules.ml_operations.promotion_sources import Central, Sources

HERE = Path(__file__).parent
PACKAGE = "modules.ml_operations.functions.promote_model"
WORK = Work(batch=1, concurrency=5, timeout_seconds=900, tries=5)
# Sooner, and a version that is refused would lie in the dead-letter queue as often.
AGAIN = "rate(1 day)"
LEASE_SECONDS = WORK.timeout_seconds + 60
GIB = 1024**3
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html: 4 KB for all variables together
_MOST_TOLD = 3_600


class ModelPromotion(Construct):
    """The rule, the queue and the function that copy versions from `sources` to `central` once they are approved.

    `key_arn` is one that EventBridge, CloudWatch and CloudWatch Logs may use.

    Guarantees:
    - of what is said on the central bus, only approvals of finished versions get into the queue;
    - a version is read where it was approved, as one role; production is written to by nobody else;
    - its copy waits for approval: the role can register no other, and can approve, change or delete none;
    - an approval whose event is lost costs a day: then the newest approved version of each model is looked for;
    - a version is promoted once, however often its event comes, and however often a run dies;
    - what cannot be promoted in five tries, or may not be, waits in a queue for 14 days, and operators hear of it.

    Controls: PLAT-03, PLAT-06, IAM-01, SM-44 (NIST 800-53 AC-4, AC-5, AC-6, CM-3, SI-7). Raises ConfigError when the
    function has to know of more accounts than Lambda lets it be told.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: PromotionSettings,
        central: Central,
        sources: Sources,
        operators: str,
        key_arn: str,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        claims = PromotionClaims(self, "claims", naming=naming, key_arn=key_arn)
        trusted = (*AWS_REGISTRIES.get(naming.region, ()), *settings.trusted_registries)
        again = naming.name(f"{PROMOTIONS}-again")
        rules = [naming.arn("events", f"rule/{each}") for each in (f"{central.bus}/{naming.name(PROMOTIONS)}", again)]
        worker = QueueWorker(
            self,
            "worker",
            naming=naming,
            what=central.role,
            queue=PROMOTIONS,
            archive=Archive.of_package(
                HERE / "functions" / "promote_model",
                {PROJECTS: _projects(sources)},
                also=[HERE / "identity.py", HERE / "layout.py"],
                libraries=TELEMETRY,
            ),
            handler=f"{PACKAGE}.handler.handle",
            work=WORK,
            memory_mb=512,
            key_arn=key_arn,
            boundary_arn=boundary_arn,
            statements=[
                Statement(
                    "TryAgainLater",
                    actions=("sqs:ChangeMessageVisibility", "sqs:SendMessage"),
                    resources=(naming.arn("sqs", naming.name(PROMOTIONS)),),
                ),
                claims.statement,
                *reads_models(holder(self), naming, sources),
                *writes_copies(naming, central),
                *copies_images(holder(self), naming, central, sources, trusted),
            ],
            rules=rules,
            environment={"PROMOTION": _told(naming, settings, central, sources, claims.name, trusted)},
        )
        self._listen(naming, central, worker)
        self._look_again(again, worker)
        PromotionAlarms(
            self,
            "alarms",
            naming=naming,
            queue=worker.queue_name,
            dead_letters=worker.dead_letters_name,
            function=worker.function_name,
            operators=operators,
            key_arn=key_arn,
        )

    def _listen(self, naming: Naming, central: Central, worker: QueueWorker) -> None:
        pattern = {
            "source": ["aws.sagemaker"],
            "detail-type": ["SageMaker Model Package State Change"],
            "detail": {"ModelPackageStatus": ["Completed"], "ModelApprovalStatus": ["Approved"]},
        }
        rule = CloudwatchEventRule(
            self,
            "rule",
            name=naming.name(PROMOTIONS),
            event_bus_name=central.bus,
            description="Versions that were approved where they were built, to be promoted",
            event_pattern=json.dumps(pattern, sort_keys=True),
        )
        self._send("queue", rule, worker, bus=central.bus)

    def _look_again(self, name: str, worker: QueueWorker) -> None:
        """Schedules are rules of the default bus."""
        rule = CloudwatchEventRule(
            self,
            "again",
            name=name,
            description="It is time to look for approved versions of which no event told",
            schedule_expression=AGAIN,
        )
        self._send("again-queue", rule, worker)

    def _send(self, id_: str, rule: CloudwatchEventRule, worker: QueueWorker, *, bus: str | None = None) -> None:
        CloudwatchEventTarget(
            self,
            id_,
            rule=rule.name,
            event_bus_name=bus,
            target_id="queue",
            arn=worker.queue_arn,
            dead_letter_config=CloudwatchEventTargetDeadLetterConfig(arn=worker.dead_letters_arn),
            retry_policy=TRIED_FOR_A_DAY,
            depends_on=worker.policies,
        )


def _projects(sources: Sources) -> bytes:
    """Whose models are looked for: `functions/promote_model/look.py` reads it."""
    found = {team: sorted(names) for each in sources.models for team, names in each.projects.items()}
    return f"{json.dumps(found, indent=1, sort_keys=True)}\n".encode()


def _told(
    naming: Naming,
    settings: PromotionSettings,
    central: Central,
    sources: Sources,
    claims_table: str,
    trusted: tuple[str, ...],
) -> str:
    """What the function is told, as JSON: `functions/promote_model/handler.py` reads it."""
    text = json.dumps(
        {
            "account": naming.account_id,
            "accounts": {
                each.naming.account_id: {
                    "prefix": f"{each.naming.organization}-{each.naming.environment}",
                    "teams": sorted(each.projects),
                }
                for each in sources.models
            },
            "bucket": central.bucket,
            "claims_table": claims_table,
            "image_prefix": central.images,
            "lease_seconds": LEASE_SECONDS,
            "most_bytes": settings.largest_gib * GIB,
            "most_image_bytes": settings.largest_image_gib * GIB,
            "prefix": central.groups,
            "registries": {each.naming.account_id: each.prefix for each in sources.images},
            "sagemaker": f"arn:{naming.partition}:sagemaker:{naming.region}",
            "trusted_registries": list(trusted),
        },
        sort_keys=True,
        separators=(",", ":"),
    )
    if (length := policy_length(text)) > _MOST_TOLD:
        raise ConfigError(
            f"models are promoted from {len(sources.models)} accounts, and what the function has to know of them has "
            f"{length} characters of the {_MOST_TOLD} that Lambda takes: let teams share accounts"
        )
    return text
