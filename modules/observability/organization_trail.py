"""The organisation trail: one record of every API call in every account and region."""

from __future__ import annotations

from collections.abc import Iterator

from cdktf_cdktf_provider_aws.cloudtrail import Cloudtrail, CloudtrailAdvancedEventSelector, CloudtrailInsightSelector
from cdktf_cdktf_provider_aws.cloudtrail import CloudtrailAdvancedEventSelectorFieldSelector as _Field
from constructs import Construct

from modules.core.naming import Naming
from modules.observability.contract import LogArchiveContract, TrailContract
from modules.observability.settings import TrailSettings

S3_OBJECT = "AWS::S3::Object"
# What tells who used data, models and features; CloudTrail records data events of no type that is not selected.
USE_OF_ML = ("AWS::SageMaker::Endpoint", "AWS::SageMaker::ExperimentTrialComponent", "AWS::SageMaker::FeatureGroup")


class OrganizationTrail(Construct):
    """The CloudTrail trail of the whole organisation, delivered to the log archive.

    Guarantees:
    - all accounts, all regions, global services included;
    - log files are validated by digest and encrypted by the archive's key;
    - data events of S3 objects, endpoints, experiments and feature groups are recorded, and of the kinds that are
      named beside; objects of the archive, of `unrecorded_buckets` and outside `recorded_buckets` are left out;
    - calls by way of VPC endpoints are recorded for the services that are named, refused ones among them;
    - unusual call and error rates are marked, when `insights` is on.

    Controls: LOG-02; LOG-01 (FSBP CloudTrail.1, CloudTrail.2, CloudTrail.4; NIST 800-53 AU-2, AU-12).
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
            advanced_event_selector=list(_selectors(settings, naming.partition, logs.bucket_arn)),
            insight_selector=[CloudtrailInsightSelector(insight_type=kind) for kind in insights] or None,
        )
        self.contract = TrailContract(**names)


def _selectors(settings: TrailSettings, partition: str, archive_arn: str) -> Iterator[CloudtrailAdvancedEventSelector]:
    yield CloudtrailAdvancedEventSelector(name="Management events", field_selector=[_is("eventCategory", "Management")])
    for kind in (S3_OBJECT, *USE_OF_ML, *sorted(settings.also_recorded)):
        tests = [_is("eventCategory", "Data"), _is("resources.type", kind)]
        if kind == S3_OBJECT:
            buckets = f"arn:{partition}:s3:::"
            # The archive's own objects are logs of this trail: recording their delivery would never end.
            left_out = [f"{archive_arn}/", *(f"{buckets}{bucket}/" for bucket in sorted(settings.unrecorded_buckets))]
            taken = [f"{buckets}{prefix}" for prefix in sorted(settings.recorded_buckets)]
            tests.append(_Field(field="resources.ARN", not_starts_with=left_out, starts_with=taken or None))
        yield CloudtrailAdvancedEventSelector(name=f"Data events of {kind}", field_selector=tests)
    for service in sorted(settings.network_activity):
        yield CloudtrailAdvancedEventSelector(
            name=f"Calls of {service} by VPC endpoints",
            field_selector=[_is("eventCategory", "NetworkActivity"), _is("eventSource", f"{service}.amazonaws.com")],
        )


def _is(field: str, value: str) -> _Field:
    return _Field(field=field, equal_to=[value])
