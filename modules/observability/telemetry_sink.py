"""Where an observability account sees metrics, logs and traces of other accounts."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.oam_sink import OamSink
from cdktf_cdktf_provider_aws.oam_sink_policy import OamSinkPolicy
from constructs import Construct

from modules.core.iam import ANYONE, Statement, policy_document
from modules.core.naming import Naming
from modules.observability.contract import SinkContract
from modules.observability.names import SINK
from modules.observability.telemetry import TELEMETRY


class TelemetrySink(Construct):
    """The sink `<organisation>-<environment>-telemetry` of one region.

    Guarantees:
    - accounts of this organisation alone may link to it;
    - what they may show is metrics, log groups and traces, and nothing else.

    Controls: LOG-01 (NIST 800-53 AC-4, AU-6).
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Unified-Cross-Account-Setup.html
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, organization_id: str) -> None:
        super().__init__(scope, id_)
        sink = OamSink(self, "sink", name=naming.name(SINK))
        OamSinkPolicy(
            self,
            "policy",
            sink_identifier=sink.arn,
            policy=policy_document(
                Statement(
                    "OrganizationLinks",
                    actions=("oam:CreateLink", "oam:UpdateLink"),
                    resources=("*",),
                    principals=ANYONE,
                    conditions={
                        "StringEquals": {"aws:PrincipalOrgID": organization_id},
                        "ForAllValues:StringEquals": {"oam:ResourceTypes": TELEMETRY},
                        "Null": {"oam:ResourceTypes": "false"},
                    },
                )
            ),
        )
        self.contract = SinkContract(sink_arn=sink.arn)
