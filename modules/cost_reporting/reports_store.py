"""Where reports on costs and usage lie, and the database and workgroup in which they are queried."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.glue_catalog_database import GlueCatalogDatabase
from constructs import Construct

from modules.core.access_log_bucket import AccessLogBucket
from modules.core.bucket import Bucket, Retention
from modules.core.key import Key
from modules.core.log_group import logs_may_use_key
from modules.core.naming import Naming
from modules.core.topic import ALARMS, Topic, services_may_use_key
from modules.core.workgroup import Workgroup
from modules.cost_reporting.contract import CostReportsContract
from modules.cost_reporting.copied_exports import CopiedExports, bucket_statements, key_statements
from modules.cost_reporting.names import DATABASE, QUERIES, REPORTS, USAGE, WASTE
from modules.cost_reporting.reports_settings import ReportsSettings


class ReportsStore(Construct):
    """The bucket `names.REPORTS` with its key, the database `names.DATABASE`, and the workgroup `names.QUERIES`.

    `copied` is how exports of costs come from the management account, where there are any. `topic` is told, and by it
    `contact` by e-mail, of what could not be reported.

    Guarantees:
    - one key encrypts reports, results of queries, and the logs and messages of what makes reports;
    - copies of exports and finished reports are kept; rows of usage and waste go after the days that are set;
    - a query that scans more than the limit is cancelled, and its results are encrypted.

    Controls: DATA-02, DATA-04, DATA-09, DATA-15 (FSBP S3.1, Athena.4; NIST 800-53 AC-3, SC-28, SI-12).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: ReportsSettings,
        copied: CopiedExports | None,
        contact: str,
    ) -> None:
        super().__init__(scope, id_)
        bucket_arn = naming.bucket_arn(REPORTS)
        self.key_arn = Key(
            self,
            "key",
            naming=naming,
            purpose=REPORTS,
            statements=[
                logs_may_use_key(naming),
                services_may_use_key(naming, ALARMS),
                *(key_statements(self, copied, naming.region) if copied else ()),
            ],
        ).arn
        bucket = Bucket(
            self,
            "bucket",
            naming=naming,
            what=REPORTS,
            key_arn=self.key_arn,
            retention=Retention(
                noncurrent_days=settings.keep_overwritten_days,
                expire_after_days=settings.keep_usage_days,
                expire_below=(f"{USAGE}/", f"{WASTE}/"),
            ),
            access_logs=AccessLogBucket(self, "access-logs", naming=naming, of=REPORTS).name,
            statements=bucket_statements(self, copied, bucket_arn) if copied else (),
        )
        self.bucket_name, self.bucket_arn = bucket.name, bucket.arn
        self.database_name = GlueCatalogDatabase(
            self, "database", name=DATABASE, description="What the organisation costs, who uses what, what is wasted"
        ).name
        self.workgroup = Workgroup(
            self,
            "workgroup",
            naming=naming,
            what=QUERIES,
            key_arn=self.key_arn,
            scan_limit_gb=settings.scan_limit_gb,
            keep_results_days=settings.keep_results_days,
        )
        self.topic = Topic(
            self,
            "topic",
            naming=naming,
            what=REPORTS,
            key_arn=self.key_arn,
            publishers={ALARMS: [naming.arn("cloudwatch", f"alarm:{naming.organization}-{naming.environment}-*")]},
            email=contact,
        )
        self.contract = CostReportsContract(**CostReportsContract.names(naming), key_arn=self.key_arn)
