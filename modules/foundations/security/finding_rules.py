"""What Security Hub does with findings as they arrive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.securityhub_automation_rule import (
    SecurityhubAutomationRule,
    SecurityhubAutomationRuleActions,
    SecurityhubAutomationRuleActionsFindingFieldsUpdate,
    SecurityhubAutomationRuleActionsFindingFieldsUpdateNote,
    SecurityhubAutomationRuleActionsFindingFieldsUpdateSeverity,
    SecurityhubAutomationRuleActionsFindingFieldsUpdateWorkflow,
    SecurityhubAutomationRuleCriteria,
    SecurityhubAutomationRuleCriteriaComplianceSecurityControlId,
    SecurityhubAutomationRuleCriteriaComplianceStatus,
    SecurityhubAutomationRuleCriteriaProductName,
    SecurityhubAutomationRuleCriteriaRecordState,
    SecurityhubAutomationRuleCriteriaResourceId,
    SecurityhubAutomationRuleCriteriaResourceType,
    SecurityhubAutomationRuleCriteriaSeverityLabel,
    SecurityhubAutomationRuleCriteriaWorkflowStatus,
)
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.security.resource_types import MACHINE_LEARNING
from modules.foundations.security.settings import AcceptedFinding

_ACTIVE = [SecurityhubAutomationRuleCriteriaRecordState(comparison="EQUALS", value="ACTIVE")]
_NEW = [SecurityhubAutomationRuleCriteriaWorkflowStatus(comparison="EQUALS", value="NEW")]
# AWS runs rules in this order and lets the last have its way: what was accepted stays accepted.
_RAISE_ML, _RAISE_DATA, _QUIET, _ACCEPTED = 10, 20, 30, 100


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule before it is placed."""

    key: str
    order: int
    description: str
    criteria: SecurityhubAutomationRuleCriteria
    update: SecurityhubAutomationRuleActionsFindingFieldsUpdate


class FindingRules(Construct):
    """Automation rules: what machine learning and sensitive data raise, what is noise, what was accepted.

    `accepted` are acceptances by key; at most 90 fit beside the rules made here (AWS allows 100).

    Guarantees:
    - a medium failed check of a machine learning resource is high, and so is medium sensitive data that Macie found;
    - informational findings are suppressed, never deleted;
    - an accepted finding is suppressed and carries the reason; the acceptance has the last word.

    Controls: ORG-07 (NIST 800-53 CA-5, RA-3, SI-5).
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, accepted: Mapping[str, AcceptedFinding]) -> None:
        super().__init__(scope, id_)
        rules = [_machine_learning(), _sensitive_data(), _informational()]
        rules += [
            _acceptance(key, _ACCEPTED + place, finding)
            for place, (key, finding) in enumerate(sorted(accepted.items()))
        ]
        for rule in rules:
            SecurityhubAutomationRule(
                self,
                rule.key,
                rule_name=naming.name(rule.key),
                description=rule.description,
                rule_order=rule.order,
                rule_status="ENABLED",
                is_terminal=False,
                criteria=[rule.criteria],
                actions=[
                    SecurityhubAutomationRuleActions(type="FINDING_FIELDS_UPDATE", finding_fields_update=[rule.update])
                ],
            )


def _severity(label: str) -> list[SecurityhubAutomationRuleCriteriaSeverityLabel]:
    return [SecurityhubAutomationRuleCriteriaSeverityLabel(comparison="EQUALS", value=label)]


def _raised(label: str, area: str) -> SecurityhubAutomationRuleActionsFindingFieldsUpdate:
    return SecurityhubAutomationRuleActionsFindingFieldsUpdate(
        severity=[SecurityhubAutomationRuleActionsFindingFieldsUpdateSeverity(label=label)],
        user_defined_fields={"Area": area},
    )


def _suppressed(reason: str) -> SecurityhubAutomationRuleActionsFindingFieldsUpdate:
    return SecurityhubAutomationRuleActionsFindingFieldsUpdate(
        workflow=[SecurityhubAutomationRuleActionsFindingFieldsUpdateWorkflow(status="SUPPRESSED")],
        note=[SecurityhubAutomationRuleActionsFindingFieldsUpdateNote(text=reason, updated_by="mlgov")],
    )


def _machine_learning() -> _Rule:
    types = [
        SecurityhubAutomationRuleCriteriaResourceType(comparison="PREFIX", value=prefix) for prefix in MACHINE_LEARNING
    ]
    return _Rule(
        "raise-machine-learning",
        _RAISE_ML,
        "Medium failed checks of machine learning resources are high",
        SecurityhubAutomationRuleCriteria(
            resource_type=types,
            compliance_status=[SecurityhubAutomationRuleCriteriaComplianceStatus(comparison="EQUALS", value="FAILED")],
            severity_label=_severity("MEDIUM"),
            record_state=_ACTIVE,
            workflow_status=_NEW,
        ),
        _raised("HIGH", "machine-learning"),
    )


def _sensitive_data() -> _Rule:
    return _Rule(
        "raise-sensitive-data",
        _RAISE_DATA,
        "Medium findings of Macie are high: training data is where personal data goes unnoticed",
        SecurityhubAutomationRuleCriteria(
            product_name=[SecurityhubAutomationRuleCriteriaProductName(comparison="EQUALS", value="Macie")],
            severity_label=_severity("MEDIUM"),
            record_state=_ACTIVE,
            workflow_status=_NEW,
        ),
        _raised("HIGH", "sensitive-data"),
    )


def _informational() -> _Rule:
    return _Rule(
        "suppress-informational",
        _QUIET,
        "Informational findings are on record and on nobody's list",
        SecurityhubAutomationRuleCriteria(
            severity_label=_severity("INFORMATIONAL"), record_state=_ACTIVE, workflow_status=_NEW
        ),
        _suppressed("Informational: kept on record, nothing to do."),
    )


def _acceptance(key: str, order: int, finding: AcceptedFinding) -> _Rule:
    resources = [SecurityhubAutomationRuleCriteriaResourceId(comparison="PREFIX", value=finding.resources or "")]
    return _Rule(
        f"accept-{key}",
        order,
        f"Accepted: failed checks of {finding.control}",
        SecurityhubAutomationRuleCriteria(
            compliance_security_control_id=[
                SecurityhubAutomationRuleCriteriaComplianceSecurityControlId(comparison="EQUALS", value=finding.control)
            ],
            resource_id=resources if finding.resources else None,
            record_state=_ACTIVE,
            workflow_status=_NEW,
        ),
        _suppressed(finding.reason),
    )
