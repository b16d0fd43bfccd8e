"""What accounts show to the observability account: the kinds of telemetry, as AWS calls them. No cdktf here."""

from __future__ import annotations

# https://docs.aws.amazon.com/OAM/latest/APIReference/API_CreateLink.html
METRICS, LOG_GROUPS, TRACES = "AWS::CloudWatch::Metric", "AWS::Logs::LogGroup", "AWS::XRay::Trace"
TELEMETRY = (METRICS, LOG_GROUPS, TRACES)
