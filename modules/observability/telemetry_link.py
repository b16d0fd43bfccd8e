"""The link by which an account shows its metrics, logs and traces to its observability account."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.oam_link import (
    OamLink,
    OamLinkLinkConfiguration,
    OamLinkLinkConfigurationLogGroupConfiguration,
    OamLinkLinkConfigurationMetricConfiguration,
)
from constructs import Construct

from modules.observability.contract import SinkContract
from modules.observability.telemetry import link_filter, shown
from modules.observability.telemetry_settings import LinkSettings

LABEL = "$AccountName"  # AWS puts the account's name here: how its telemetry is told apart


class TelemetryLink(Construct):
    """The account's link to the sink of its observability account, in one region.

    Guarantees:
    - shows the kinds of telemetry that the settings want, and of metrics and log groups what they name alone;
    - a filter that leaves nothing out is no filter;
    - telemetry carries the account's name.

    Controls: LOG-01 (NIST 800-53 AU-6(4), SI-4(16)).
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Unified-Cross-Account-Setup.html
    """

    def __init__(self, scope: Construct, id_: str, *, settings: LinkSettings, sink: SinkContract) -> None:
        super().__init__(scope, id_)
        metrics = link_filter("Namespace", settings.metrics) if settings.metrics else None
        logs = link_filter("LogGroupName", settings.log_groups) if settings.log_groups else None
        OamLink(
            self,
            "link",
            sink_identifier=sink.sink_arn,
            label_template=LABEL,
            resource_types=list(shown(settings)),
            link_configuration=OamLinkLinkConfiguration(
                metric_configuration=OamLinkLinkConfigurationMetricConfiguration(filter=metrics) if metrics else None,
                log_group_configuration=OamLinkLinkConfigurationLogGroupConfiguration(filter=logs) if logs else None,
            )
            if metrics or logs
            else None,
        )
