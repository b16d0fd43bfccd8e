"""The documents by which repairs run in one account and region."""

from __future__ import annotations

import json
from typing import Any

from cdktf_cdktf_provider_aws.ssm_document import SsmDocument
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.config.contract import ApprovalsContract, everywhere
from modules.foundations.config.repairs import APPROVER_ROLE, REPAIR_ROLE, REPAIRS, Repair

APPROVAL_SECONDS = 7 * 24 * 3600


class RepairDocuments(Construct):
    """One Systems Manager document for each repair, called alike in all accounts: `<organisation>-org-<repair>`.

    AWS Config takes no remediation for the rules of an organisation; it does for those of a conformance pack, which
    names the document and finds it in each account
    (https://docs.aws.amazon.com/config/latest/APIReference/API_PutRemediationConfigurations.html).

    Guarantees:
    - nothing is changed before the approver role approved; after seven days without an answer the repair is off;
    - a repair works as the repair role, whoever started it.

    Controls: DATA-02, NET-05, SM-15 (NIST 800-53 SI-2, CM-3, AC-5).
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, approvals: ApprovalsContract) -> None:
        super().__init__(scope, id_)
        names = everywhere(naming)
        for key, repair in REPAIRS.items():
            SsmDocument(
                self,
                key,
                name=names.name(key),
                document_type="Automation",
                document_format="JSON",
                content=json.dumps(_document(repair, names, approvals), separators=(",", ":")),
            )


def _document(repair: Repair, names: Naming, approvals: ApprovalsContract) -> dict[str, Any]:
    return {
        "schemaVersion": "0.3",
        "description": f"{repair.title}, once somebody approved it.",
        "assumeRole": names.role_arn(REPAIR_ROLE),
        "parameters": {"ResourceId": {"type": "String", "description": "What AWS Config found"}},
        "mainSteps": [
            {
                "name": "approve",
                "action": "aws:approve",
                "timeoutSeconds": APPROVAL_SECONDS,
                "onFailure": "Abort",
                "inputs": {
                    "NotificationArn": approvals.topic_arn,
                    "Message": f"{repair.title}: {{{{ ResourceId }}}} in account {names.account_id}, {names.region}.",
                    "MinRequiredApprovals": 1,
                    "Approvers": [names.role_arn(APPROVER_ROLE)],
                },
            },
            {"name": "repair", **repair.step, "isEnd": True},
        ],
    }
