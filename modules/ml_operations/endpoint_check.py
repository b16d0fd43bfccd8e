"""What asks a served model in production by the calendar, and who hears that it answers badly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from constructs import Construct

from modules.core.assets import Archive
from modules.core.function import METRICS_NAMESPACE, Function
from modules.core.handshake import Edge
from modules.core.iam import Statement
from modules.core.invocation import Invocation
from modules.core.libraries import TELEMETRY
from modules.core.naming import Naming
from modules.core.topic import Topic
from modules.core.wiring import holder
from modules.foundations.contract import BaselineContract
from modules.ml_operations import names
from modules.ml_operations.check_settings import FAILED, CheckSettings
from modules.ml_operations.layout import SAMPLES
from modules.ml_operations.release_permissions import uses_key
from modules.ml_operations.serving_settings import ServedAs

_HERE = Path(__file__).parent
_FUNCTION, _SHARED = _HERE / "functions" / "check_endpoint", (_HERE / "layout.py", _HERE / "release" / "answers.py")
_KEEP_LOGS_DAYS = 365
_TIMEOUT_SECONDS = 360  # five requests, each of which SageMaker ends after a minute
_BAD, _OF = 2, 3  # so many of the last checks, and the owner hears: one bad answer wakes nobody


@dataclass(frozen=True, slots=True)
class Samples:
    """Where the samples of a project's versions lie: below `prefix` in `bucket` of the account of `naming`.

    `key` is the purpose of the bucket's key; `edge` is READS_SAMPLES, None within one account.
    """

    naming: Naming
    bucket: str
    prefix: str
    key: str
    edge: Edge | None


class EndpointCheck(Construct):
    """The function `names.endpoint_check`, which asks the endpoint what its version was asked when it was made.

    A function of our own, and no canary of CloudWatch Synthetics: that makes for each canary a function whose log group
    has no end and no key of ours, under a runtime that has to be replaced several times a year.

    `tolerance` is what numbers in answers may differ by. `topic` is that of the model's owner.

    Guarantees:
    - while no version is served it asks nothing, and that is no failure;
    - an answer that differs, fails or comes late is told to the owner when two of three checks find it;
    - a check that does not work, or does not run, is told as well;
    - its role asks this endpoint, reads this version's parameter and the samples of this project, and nothing else.

    Controls: SM-41, PLAT-03 (NIST 800-53 CP-10, SI-4, SI-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: CheckSettings,
        served: ServedAs,
        project: str,
        tolerance: float,
        samples: Samples,
        topic: Topic,
        keys: BaselineContract,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        what, parameter = names.endpoint_check(project), names.version_parameter(naming, project)
        endpoint = names.endpoint(naming, project)
        function = Function(
            self,
            "function",
            naming=naming,
            what=what,
            source=Archive.of_package(_FUNCTION, also=_SHARED, libraries=TELEMETRY),
            handler="modules.ml_operations.functions.check_endpoint.handler.handle",
            key_arn=keys.key_arns["account-logs"],
            boundary_arn=boundary_arn,
            retention_days=_KEEP_LOGS_DAYS,
            statements=[
                Statement(
                    "Ask",
                    actions=("sagemaker:InvokeEndpoint",),
                    resources=(naming.arn("sagemaker", f"endpoint/{endpoint}"),),
                ),
                Statement(
                    "ReadVersion",
                    actions=("ssm:GetParameter",),
                    resources=(naming.arn("ssm", f"parameter{parameter}"),),
                ),
                *_reads(samples),
            ],
            environment={
                "ENDPOINT": endpoint,
                "PARAMETER": parameter,
                "SLOWEST_MS": str(served.slowest_ms),
                "TOLERANCE": f"{tolerance:g}",
            },
            timeout_seconds=_TIMEOUT_SECONDS,
            concurrency=1,
        )
        if samples.edge is not None:
            samples.edge.render(holder(self), "check")
        Invocation(
            self,
            "schedule",
            naming=naming,
            what=what,
            description=f"It is time to ask {endpoint}",
            function=function.name,
            function_arn=function.arn,
            schedule=f"rate({settings.every_minutes} minutes)",
        )
        CloudwatchMetricAlarm(
            self,
            "alarm",
            alarm_name=names.alarm(naming, project, "check"),
            alarm_description=f"{endpoint}: asked as when it was made, it answers otherwise, late or not at all",
            namespace=METRICS_NAMESPACE,
            metric_name=FAILED,
            dimensions={"service": what},
            statistic="Maximum",
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            period=settings.every_minutes * 60,
            evaluation_periods=_OF,
            datapoints_to_alarm=_BAD,
            treat_missing_data="breaching",
            alarm_actions=[topic.arn],
            ok_actions=[topic.arn],
            depends_on=[topic.policy],
        )


def _reads(samples: Samples) -> Iterator[Statement]:
    there = samples.naming
    files = f"{there.bucket_arn(samples.bucket)}/{samples.prefix}*/{SAMPLES}*"
    yield Statement("ReadSamples", actions=("s3:GetObject",), resources=(files,))
    yield uses_key(there, "UseKeyOfSamples", "s3", ("kms:Decrypt",), f"alias/{there.name(samples.key)}")
