"""A Lambda function with its role, log group and dead-letter queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.lambda_function import (
    LambdaFunction,
    LambdaFunctionDeadLetterConfig,
    LambdaFunctionEnvironment,
    LambdaFunctionLoggingConfig,
    LambdaFunctionTracingConfig,
)
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from constructs import Construct

from modules.core.assets import Archive, AssetHolder
from modules.core.iam import Statement, service
from modules.core.libraries import POWERTOOLS
from modules.core.log_group import LogGroup
from modules.core.naming import QUEUE_LIMIT, Naming
from modules.core.role import Role

RUNTIME = "python3.13"
METRICS_NAMESPACE = "mlgov/Functions"  # of what Powertools' Metrics counts; its dimension `service` is the function's
DEAD_LETTER_SECONDS = 14 * 24 * 3600  # the longest SQS keeps a message


class Function(Construct):
    """The function `<organisation>-<environment>-<what>` from the Python sources in the folder, or archive, `source`.

    `statements` are what its code calls; what logging, tracing and dead letters need is added here.
    `timeout_seconds` and `concurrency` bound one run and how many run at once. When the archive holds Powertools, its
    Logger and Metrics tell `what` as the service; metrics go out as lines of its log, to METRICS_NAMESPACE.

    Guarantees:
    - its archive has the same bytes for the same sources;
    - environment, dead letters and logs are encrypted by `key_arn`; logs have a retention;
    - failed events end in a dead-letter queue and stay there for 14 days; runs are traced;
    - its role has a permissions boundary and no managed policy.

    Controls: PLAT-03, IAM-01, LOG-03 (FSBP Lambda.2, NIST 800-53 SC-28, AU-12).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        source: Path | Archive,
        handler: str,
        key_arn: str,
        boundary_arn: str,
        retention_days: int,
        statements: Sequence[Statement],
        environment: Mapping[str, str] | None = None,
        timeout_seconds: int = 60,
        memory_mb: int = 256,
        concurrency: int = 5,
    ) -> None:
        super().__init__(scope, id_)
        name = naming.name(what)
        self.arn = naming.arn("lambda", f"function:{name}")
        archive = source if isinstance(source, Archive) else Archive.of_folder(source)
        variables = dict(environment or {})
        if POWERTOOLS in archive.libraries:
            variables |= {
                "POWERTOOLS_SERVICE_NAME": what,
                "POWERTOOLS_METRICS_NAMESPACE": METRICS_NAMESPACE,
            }
        log_group = f"/aws/lambda/{name}"
        logs = LogGroup(self, "logs", name=log_group, key_arn=key_arn, retention_days=retention_days)
        dead_letters = SqsQueue(
            self,
            "dead-letters",
            name=naming.name(f"{what}-dead-letters", limit=QUEUE_LIMIT),
            kms_master_key_id=key_arn,
            message_retention_seconds=DEAD_LETTER_SECONDS,
        )
        queue_arn = self.dead_letters_arn = dead_letters.arn
        self.dead_letters_name, self.dead_letters_url = dead_letters.name, dead_letters.url
        role = Role(
            self,
            "role",
            naming=naming,
            what=what,
            description=f"What the function {name} may do",
            trust=[Statement("Lambda", actions=("sts:AssumeRole",), principals=service("lambda.amazonaws.com"))],
            boundary_arn=boundary_arn,
            statements=[
                Statement(
                    "WriteOwnLogs",
                    actions=("logs:CreateLogStream", "logs:PutLogEvents"),
                    resources=(naming.arn("logs", f"log-group:{log_group}:*"),),
                ),
                Statement("SendDeadLetters", actions=("sqs:SendMessage",), resources=(queue_arn,)),
                Statement("UseKey", actions=("kms:Decrypt", "kms:GenerateDataKey"), resources=(key_arn,)),
                # X-Ray has no resource-level permissions for these two actions.
                Statement("Trace", actions=("xray:PutTraceSegments", "xray:PutTelemetryRecords"), resources=("*",)),
                *statements,
            ],
        )
        self.role_arn = role.arn
        function = LambdaFunction(
            self,
            "function",
            function_name=name,
            role=self.role_arn,
            runtime=RUNTIME,
            handler=handler,
            filename=cast(AssetHolder, TerraformStack.of(self)).add_asset(f"{what}.zip", archive.content),
            source_code_hash=archive.content_hash,
            kms_key_arn=key_arn,
            environment=LambdaFunctionEnvironment(variables=variables) if variables else None,
            dead_letter_config=LambdaFunctionDeadLetterConfig(target_arn=queue_arn),
            tracing_config=LambdaFunctionTracingConfig(mode="Active"),
            logging_config=LambdaFunctionLoggingConfig(log_format="JSON", log_group=logs.name),
            timeout=timeout_seconds,
            memory_size=memory_mb,
            reserved_concurrent_executions=concurrency,
        )
        self.name = function.function_name  # a reference: who names the function waits for it
