"""A function that hears of every version of the central registry."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import (
    CloudwatchEventTarget,
    CloudwatchEventTargetDeadLetterConfig,
)
from constructs import Construct

from modules.core.assets import ROOT, Archive
from modules.core.event_delivery import TRIED_FOR_A_DAY
from modules.core.iam import Statement
from modules.core.libraries import TELEMETRY
from modules.core.naming import Naming
from modules.core.queue_worker import QueueWorker, Work

_FUNCTIONS = Path(__file__).parent / "functions"
_SHARED = ROOT / "modules" / "ml_operations"
# One message in one run: what is raised is of this message, and AWS scales a queue to two runs at least.
WORK = Work(batch=1, concurrency=2, timeout_seconds=120, tries=5)


class RegistryListener(Construct):
    """The function `function` below `functions/`, called for each change of a version of this account's registry.

    All goes by the name `what`: queue and function. `again` is a schedule of EventBridge on which it is called, too: it
    then looks at all versions, so that an event that never came costs no more than that time. `shared` are files of
    `modules/ml_operations` that its archive holds, and `files` generated ones, beside its sources. `key_arn` must be
    open to EventBridge and CloudWatch Logs.

    Guarantees:
    - an event is worked on at least once; while that fails it waits, and after the fifth time it lies in the queue of
      dead letters, as does what EventBridge could not deliver;
    - the queue hears of these two rules alone, of registered versions in groups of this organisation and environment.

    Controls: PLAT-03, PLAT-06 (NIST 800-53 AC-3, AU-5, SI-4).
    https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        function: str,
        again: str,
        shared: Sequence[str],
        files: Mapping[str, bytes],
        key_arn: str,
        boundary_arn: str,
        statements: Sequence[Statement],
        environment: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id_)
        changed, scheduled = naming.name(what), naming.name(f"{what}-again")
        rules = [naming.arn("events", f"rule/{name}") for name in (changed, scheduled)]
        worker = QueueWorker(
            self,
            "worker",
            naming=naming,
            what=what,
            archive=Archive.of_package(
                _FUNCTIONS / function, files, also=[_SHARED / name for name in shared], libraries=TELEMETRY
            ),
            handler=f"modules.ml_operations.functions.{function}.handler.handle",
            work=WORK,
            key_arn=key_arn,
            boundary_arn=boundary_arn,
            statements=statements,
            rules=rules,
            memory_mb=512,
            environment=environment,
        )
        self.dead_letters = worker.dead_letters_name
        pattern = json.dumps(_versions(naming), sort_keys=True)
        for id_of_rule, name, description, wanted, schedule in (
            ("changed", changed, f"Changes of versions in the central registry, for {what}", pattern, None),
            ("scheduled", scheduled, f"It is time for {what} to look at all versions", None, again),
        ):
            rule = CloudwatchEventRule(
                self,
                id_of_rule,
                name=name,
                description=description,
                event_pattern=wanted,
                schedule_expression=schedule,
            )
            CloudwatchEventTarget(
                self,
                f"{id_of_rule}-queue",
                rule=rule.name,
                arn=worker.queue_arn,
                target_id="queue",
                dead_letter_config=CloudwatchEventTargetDeadLetterConfig(arn=worker.dead_letters_arn),
                retry_policy=TRIED_FOR_A_DAY,
                depends_on=worker.policies,
            )


def _versions(naming: Naming) -> Mapping[str, object]:
    """The default bus hears of its own account's versions alone: those of others come by the central bus."""
    return {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Model Package State Change"],
        "account": [naming.account_id],
        "detail": {
            "ModelPackageGroupName": [{"prefix": f"{naming.organization}-{naming.environment}-"}],
            "ModelPackageStatus": ["Completed"],
        },
    }
