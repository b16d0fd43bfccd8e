"""A Glue job of a data domain."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.glue_job import GlueJob as AwsGlueJob
from cdktf_cdktf_provider_aws.glue_job import GlueJobCommand, GlueJobExecutionProperty
from constructs import Construct

from modules.core.naming import Naming
from modules.data_lake.job_environment import JobEnvironment
from modules.data_lake.names import GLUE_LIMIT
from modules.data_lake.settings import PipelineSettings

GLUE_VERSION = "5.0"  # Spark 3.5 and Python 3.11
RETRIES = 1  # what fails twice fails for a reason


class GlueJob(Construct):
    """The Spark job `<organisation>-<environment>-<what>`, which runs `script` with `arguments` as the role `role_arn`.

    `packages` is a zip of what the script imports. With `bookmark`, a run reads what is new since the last one.

    Guarantees:
    - it runs in the private network, encrypts by the security configuration, and logs as it goes;
    - one run at a time, so that two never write one table; bounded in time, tried twice;
    - who starts it by hand cannot have it run other code or work on another table.

    Controls: DATA-14 (NIST 800-53 SC-7, SC-28, AU-2).
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: PipelineSettings,
        what: str,
        description: str,
        script: str,
        packages: str,
        role_arn: str,
        environment: JobEnvironment,
        arguments: Mapping[str, str],
        bookmark: bool,
    ) -> None:
        super().__init__(scope, id_)
        job = AwsGlueJob(
            self,
            "job",
            name=naming.name(what, limit=GLUE_LIMIT),
            description=description,
            role_arn=role_arn,
            glue_version=GLUE_VERSION,
            command=GlueJobCommand(name="glueetl", script_location=script, python_version="3"),
            connections=[environment.connection],
            security_configuration=environment.security_configuration,
            worker_type=settings.worker_type,
            number_of_workers=settings.workers,
            timeout=settings.timeout_minutes,
            max_retries=RETRIES,
            execution_class="STANDARD",
            execution_property=GlueJobExecutionProperty(max_concurrent_runs=1),
            default_arguments={
                "--job-language": "python",
                "--job-bookmark-option": f"job-bookmark-{'enable' if bookmark else 'disable'}",
                "--enable-glue-datacatalog": "true",
                "--enable-metrics": "true",
                "--enable-observability-metrics": "true",
                "--enable-job-insights": "true",
                "--enable-continuous-cloudwatch-log": "true",
                "--enable-continuous-log-filter": "true",
                "--continuous-log-logGroup": environment.log_group,
            },
            non_overridable_arguments={"--extra-py-files": packages, **arguments},
        )
        self.name = job.name  # a reference: a trigger waits for what it starts
