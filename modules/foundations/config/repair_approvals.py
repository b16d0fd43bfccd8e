"""Where repairs of one region ask for approval."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription
from constructs import Construct

from modules.core.iam import ANYONE, Conditions, Statement, policy_document
from modules.core.key import Key
from modules.core.naming import Naming
from modules.foundations.config.contract import ApprovalsContract, everywhere
from modules.foundations.config.repairs import REPAIR_ROLE


class RepairApprovals(Construct):
    """The topic `<organisation>-<environment>-repair-approvals` with its key; `email` gets what is asked there.

    Guarantees:
    - only repair roles of accounts of the organisation may ask;
    - what is asked is encrypted by a customer-managed key, and asked over TLS.

    Controls: DATA-03, DATA-07, DATA-10 (FSBP SNS.1; NIST 800-53 AC-3, SC-8, SC-28).
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, organization_id: str, email: str) -> None:
        super().__init__(scope, id_)
        repairers = f"arn:{naming.partition}:iam::*:role/{everywhere(naming).name(REPAIR_ROLE)}"
        within: Conditions = {"StringEquals": {"aws:PrincipalOrgID": organization_id}}
        key = Key(
            self,
            "key",
            naming=naming,
            purpose="repair-approvals",
            statements=[
                Statement(
                    "RepairersEncrypt",
                    actions=("kms:Decrypt", "kms:GenerateDataKey"),
                    resources=("*",),
                    principals=ANYONE,
                    conditions={**within, "ArnLike": {"aws:PrincipalArn": repairers}},
                )
            ],
        )
        topic = SnsTopic(self, "topic", name=naming.name("repair-approvals"), kms_master_key_id=key.arn)
        self.contract = ApprovalsContract(**ApprovalsContract.names(naming))
        SnsTopicPolicy(
            self,
            "policy",
            arn=topic.arn,
            policy=policy_document(
                Statement(
                    "OrganizationAsks",
                    actions=("sns:Publish",),
                    resources=(self.contract.topic_arn,),
                    principals=ANYONE,
                    conditions=within,
                ),
                Statement(
                    "RepairersAlone",
                    actions=("sns:Publish",),
                    resources=(self.contract.topic_arn,),
                    effect="Deny",
                    principals=ANYONE,
                    conditions={"ArnNotLike": {"aws:PrincipalArn": repairers}},
                ),
                Statement(
                    "DenyInsecureTransport",
                    actions=("sns:Publish",),
                    resources=(self.contract.topic_arn,),
                    effect="Deny",
                    principals=ANYONE,
                    conditions={"Bool": {"aws:SecureTransport": "false"}},
                ),
            ),
        )
        SnsTopicSubscription(self, "mail", topic_arn=topic.arn, protocol="email", endpoint=email)
