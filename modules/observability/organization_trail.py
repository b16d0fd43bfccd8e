"""The organisation trail: one record of every API call in every account and region."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.cloudtrail import Cloudtrail, CloudtrailInsightSelector
from constructs import Construct

from modules.core.naming import Naming
from modules.observability.contract import LogArchiveContract, TrailContract
from modules.observability.settings import TrailSettings


class OrganizationTrail(Construct):
    """The CloudTrail trail of the whole organisation, delivered to the log archive.

    Guarantees:
    - all accounts, all regions, global services included;
    - log files are validated by digest and encrypted by the archive's key;
    - unusual call and error rates are marked, when `insights` is on.

    Controls: LOG-01 (FSBP CloudTrail.1, CloudTrail.2, CloudTrail.4; NIST 800-53 AU-2, AU-12).
    """

    def __init__(
        self, scope: Construct, id_: str, *, naming: Naming, settings: TrailSettings, logs: LogArchiveContract
    ) -> None:
        super().__init__(scope, id_)
        names = TrailContract.names(naming)
        insights = ("ApiCallRateInsight", "ApiErrorRateInsight") if settings.insights else ()
        Cloudtrail(
            self,
            "trail",
            name=names["trail_name"],
            s3_bucket_name=logs.bucket_name,
            kms_key_id=logs.key_arn,
            is_organization_trail=True,
            is_multi_region_trail=True,
            include_global_service_events=True,
            enable_log_file_validation=True,
            enable_logging=True,
            insight_selector=[CloudtrailInsightSelector(insight_type=kind) for kind in insights] or None,
        )
        self.contract = TrailContract(**names)
