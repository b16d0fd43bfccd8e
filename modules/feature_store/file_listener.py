"""Work that begins when an object appears in the offline store's bucket."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTarget
from constructs import Construct

from modules.core.assets import Archive
from modules.core.iam import Statement, service
from modules.core.naming import Naming
from modules.core.queue_worker import QueueWorker, Work
from modules.core.topic import EVENTS
from modules.feature_store.names import OFFLINE_BUCKET, queue_name

_FUNCTIONS = Path(__file__).parent / "functions"


class FileListener(Construct):
    """The function `function` below `functions/`, called for each new object below `prefix` of the bucket.

    All goes by the name `what`: rule, queue and function. S3 must tell EventBridge of the bucket. With `again`, a
    schedule of EventBridge, the function is also called for the prefix itself: for what was there before it could hear.

    Guarantees: a new object is worked on at least once; while that fails it waits in the queue, then lies in the
    dead-letter queue. The queue hears of these rules alone.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        prefix: str,
        function: str,
        work: Work,
        key_arn: str,
        boundary_arn: str,
        statements: Sequence[Statement],
        environment: dict[str, str] | None = None,
        again: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        name, bucket = naming.name(what), naming.bucket(OFFLINE_BUCKET)
        rules = [name, f"{name}-again"] if again else [name]
        self.worker = QueueWorker(
            self,
            "worker",
            naming=naming,
            what=what,
            archive=Archive.of_package(_FUNCTIONS / function),
            handler=f"modules.feature_store.functions.{function}.handler.handle",
            work=work,
            key_arn=key_arn,
            boundary_arn=boundary_arn,
            environment=environment,
            statements=statements,
            senders=[
                Statement(
                    "OwnRulesSend",
                    actions=("sqs:SendMessage",),
                    resources=(naming.arn("sqs", queue_name(naming, what)),),
                    principals=service(EVENTS),
                    conditions={
                        "ArnEquals": {"aws:SourceArn": tuple(naming.arn("events", f"rule/{each}") for each in rules)},
                        "StringEquals": {"aws:SourceAccount": naming.account_id},
                    },
                )
            ],
        )
        rule = CloudwatchEventRule(
            self,
            "rule",
            name=name,
            description=f"New objects below {prefix} of the feature store",
            event_pattern=json.dumps(
                {
                    "source": ["aws.s3"],
                    "detail-type": ["Object Created"],
                    "detail": {
                        "bucket": {"name": [bucket]},
                        "object": {"key": [{"prefix": prefix}]},
                    },
                },
                sort_keys=True,
            ),
        )
        CloudwatchEventTarget(self, "queue", rule=rule.name, arn=self.worker.queue_arn, target_id="queue")
        if again:
            rule = CloudwatchEventRule(
                self,
                "rule-again",
                name=f"{name}-again",
                description=f"All that lies below {prefix} of the feature store, again",
                schedule_expression=again,
            )
            everything = {"detail": {"bucket": {"name": bucket}, "object": {"key": prefix}}}
            CloudwatchEventTarget(
                self,
                "queue-again",
                rule=rule.name,
                arn=self.worker.queue_arn,
                target_id="queue",
                input=json.dumps(everything, sort_keys=True),
            )
