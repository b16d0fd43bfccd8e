"""The organisation's rules of AWS Config."""

from __future__ import annotations

import json
from collections.abc import Sequence

from cdktf_cdktf_provider_aws.config_organization_custom_policy_rule import (
    ConfigOrganizationCustomPolicyRule,
    ConfigOrganizationCustomPolicyRuleTimeouts,
)
from cdktf_cdktf_provider_aws.config_organization_managed_rule import (
    ConfigOrganizationManagedRule,
    ConfigOrganizationManagedRuleTimeouts,
)
from constructs import Construct

from modules.foundations.config.rules import GUARD_RUNTIME, ON_CHANGE, Rule

DESCRIPTION_LIMIT = 256
# A rule is there when it stands in every account; the five minutes of the provider are too short for a hundred.
WAIT = "30m"


class OrganizationRules(Construct):
    """Each rule in every account of the organisation, now and to come, but `excluded_account_ids`.

    A rule is called as AWS calls it, without the prefix of our names: accounts have no room in 64 characters for
    both, and dashboards know AWS's name.

    Guarantees:
    - an account can neither change nor remove a rule;
    - a rule of ours is asked about its resource types alone, whenever one changes.

    Controls: every control with a detective point (FSBP Config.1; NIST 800-53 CA-7, CM-6, RA-5).
    """

    def __init__(
        self, scope: Construct, id_: str, *, rules: Sequence[Rule], excluded_account_ids: Sequence[str]
    ) -> None:
        super().__init__(scope, id_)
        excluded = list(excluded_account_ids) or None
        for rule in rules:
            description = rule.description[:DESCRIPTION_LIMIT]
            parameters = json.dumps(rule.parameters, sort_keys=True) if rule.parameters else None
            if rule.identifier is not None:
                ConfigOrganizationManagedRule(
                    self,
                    rule.name,
                    name=rule.name,
                    description=description,
                    rule_identifier=rule.identifier,
                    input_parameters=parameters,
                    excluded_accounts=excluded,
                    timeouts=ConfigOrganizationManagedRuleTimeouts(create=WAIT, update=WAIT, delete=WAIT),
                )
            elif rule.policy is not None:
                ConfigOrganizationCustomPolicyRule(
                    self,
                    rule.name,
                    name=rule.name,
                    description=description,
                    policy_runtime=GUARD_RUNTIME,
                    policy_text=rule.policy.replace("${", "$${").replace("%{", "%%{"),
                    trigger_types=[ON_CHANGE],
                    resource_types_scope=list(rule.types),
                    input_parameters=parameters,
                    excluded_accounts=excluded,
                    timeouts=ConfigOrganizationCustomPolicyRuleTimeouts(create=WAIT, update=WAIT, delete=WAIT),
                )
