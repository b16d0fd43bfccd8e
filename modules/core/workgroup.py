"""An Athena workgroup with the bucket of its results."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.athena_workgroup import (
    AthenaWorkgroup,
    AthenaWorkgroupConfiguration,
    AthenaWorkgroupConfigurationEngineVersion,
    AthenaWorkgroupConfigurationResultConfiguration,
    AthenaWorkgroupConfigurationResultConfigurationEncryptionConfiguration,
)
from constructs import Construct

from modules.core.access_log_bucket import AccessLogBucket
from modules.core.bucket import Bucket, Retention
from modules.core.iam import Statement
from modules.core.naming import Naming

# Named, so that an upgrade is a change that somebody reviews: with AUTO the SQL changes when AWS says so.
ENGINE = "Athena engine version 3"
GIGABYTE = 10**9
_RESULTS = "results"
_QUERY = (
    "BatchGetNamedQuery",
    "BatchGetPreparedStatement",
    "BatchGetQueryExecution",
    "GetNamedQuery",
    "GetPreparedStatement",
    "GetQueryExecution",
    "GetQueryResults",
    "GetQueryResultsStream",
    "GetQueryRuntimeStatistics",
    "GetWorkGroup",
    "ListNamedQueries",
    "ListPreparedStatements",
    "ListQueryExecutions",
    "StartQueryExecution",
    "StopQueryExecution",
)


class Workgroup(Construct):
    """The workgroup `<organisation>-<environment>-<what>`, whose results lie in a bucket of the same name.

    One query scans at most `scan_limit_gb` (10^9 bytes each) before Athena cancels it; results are gone after
    `keep_results_days`, with what was overwritten 30 days later: they are copies of the data.
    `tags` are the workgroup's own. `statements` are what a role needs to query in it, beside access to data.

    Guarantees:
    - what clients ask for does not count: results go to the bucket, encrypted under `key_arn`, in this account;
    - a query that scans more than the limit is cancelled, and nobody pays for another's requests;
    - the engine's version is named;
    - queries are metered in CloudWatch.

    Controls: DATA-15, DATA-08 (FSBP Athena.4; NIST 800-53 SC-28, AU-2).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        key_arn: str,
        scan_limit_gb: int,
        keep_results_days: int,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, id_)
        results = Bucket(
            self,
            "results",
            naming=naming,
            what=what,
            key_arn=key_arn,
            retention=Retention(noncurrent_days=30, expire_after_days=keep_results_days),
            access_logs=AccessLogBucket(self, "access-logs", naming=naming, of=what).name,
        )
        encryption = AthenaWorkgroupConfigurationResultConfigurationEncryptionConfiguration(
            encryption_option="SSE_KMS", kms_key_arn=key_arn
        )
        workgroup = AthenaWorkgroup(
            self,
            "workgroup",
            name=naming.name(what),
            configuration=AthenaWorkgroupConfiguration(
                enforce_workgroup_configuration=True,
                publish_cloudwatch_metrics_enabled=True,
                requester_pays_enabled=False,
                bytes_scanned_cutoff_per_query=scan_limit_gb * GIGABYTE,
                engine_version=AthenaWorkgroupConfigurationEngineVersion(selected_engine_version=ENGINE),
                result_configuration=AthenaWorkgroupConfigurationResultConfiguration(
                    output_location=f"s3://{results.name}/{_RESULTS}/",
                    expected_bucket_owner=naming.account_id,
                    encryption_configuration=encryption,
                ),
            ),
            tags=tags,
        )
        self.name = workgroup.name
        self.resource: ITerraformDependable = workgroup  # who names it by the rule waits for this
        self.statements = _query(naming, what, key_arn)


def workgroup_arn(naming: Naming, what: str) -> str:
    """The ARN of the workgroup `what`."""
    return naming.arn("athena", f"workgroup/{naming.name(what)}")


def _query(naming: Naming, what: str, key_arn: str) -> tuple[Statement, ...]:
    """Queries in this workgroup and in no other, even where another statement of the role would allow it."""
    arn, bucket = workgroup_arn(naming, what), naming.bucket_arn(what)
    return (
        Statement("QueryInWorkgroup", actions=tuple(f"athena:{verb}" for verb in _QUERY), resources=(arn,)),
        Statement("QueryNowhereElse", actions=("athena:StartQueryExecution",), not_resources=(arn,), effect="Deny"),
        Statement(
            "FindResults", actions=("s3:GetBucketLocation", "s3:ListBucketMultipartUploads"), resources=(bucket,)
        ),
        Statement(
            "ListResults",
            actions=("s3:ListBucket",),
            resources=(bucket,),
            conditions={"StringLike": {"s3:prefix": (f"{_RESULTS}/*",)}},
        ),
        Statement(
            "KeepResults",
            actions=("s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"),
            resources=(f"{bucket}/{_RESULTS}/*",),
        ),
        Statement(
            "EncryptResults",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            resources=(key_arn,),
            conditions={"StringEquals": {"kms:ViaService": f"s3.{naming.region}.amazonaws.com"}},
        ),
    )
