"""Audit Manager: evidence for auditors."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.auditmanager_account_registration import AuditmanagerAccountRegistration
from constructs import Construct

from modules.core.key import Key
from modules.core.naming import Naming


class AuditEvidence(Construct):
    """Audit Manager of this account and region, with a key of its own. Frameworks and assessments are people's work.

    Guarantees: evidence is encrypted under a customer-managed key; removing this keeps what was collected.
    Controls: ORG-07, DATA-09 (NIST 800-53 CA-2, AU-11).
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming) -> None:
        super().__init__(scope, id_)
        key = Key(self, "key", naming=naming, purpose="audit-evidence")
        AuditmanagerAccountRegistration(self, "registration", kms_key=key.arn, deregister_on_destroy=False)
