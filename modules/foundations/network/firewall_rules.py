"""The firewall's rules: what may leave at all, and to whom."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.networkfirewall_rule_group import (
    NetworkfirewallRuleGroup,
    NetworkfirewallRuleGroupEncryptionConfiguration,
    NetworkfirewallRuleGroupRuleGroup,
    NetworkfirewallRuleGroupRuleGroupRulesSource,
    NetworkfirewallRuleGroupRuleGroupRulesSourceRulesSourceListStruct,
    NetworkfirewallRuleGroupRuleGroupRulesSourceStatefulRule,
    NetworkfirewallRuleGroupRuleGroupRulesSourceStatefulRuleHeader,
    NetworkfirewallRuleGroupRuleGroupRulesSourceStatefulRuleRuleOption,
    NetworkfirewallRuleGroupRuleGroupRuleVariables,
    NetworkfirewallRuleGroupRuleGroupRuleVariablesIpSets,
    NetworkfirewallRuleGroupRuleGroupRuleVariablesIpSetsIpSet,
    NetworkfirewallRuleGroupRuleGroupStatefulRuleOptions,
)
from constructs import Construct

from modules.core.naming import Naming

# Fixed at creation. A domain takes two rules, one for TLS and one for HTTP, so there is room for 250 domains.
_CAPACITY = 500
_REFUSED = ("UDP", "ICMP")


def only_tcp(scope: Construct, *, naming: Naming, supernet: str, key_arn: str) -> str:
    """The ARN of a rule group that drops what has no server name to judge by; names and time come from within AWS."""
    rules = [
        NetworkfirewallRuleGroupRuleGroupRulesSourceStatefulRule(
            action="DROP",
            header=NetworkfirewallRuleGroupRuleGroupRulesSourceStatefulRuleHeader(
                protocol=protocol,
                source=supernet,
                source_port="ANY",
                destination="ANY",
                destination_port="ANY",
                direction="FORWARD",
            ),
            rule_option=[
                NetworkfirewallRuleGroupRuleGroupRulesSourceStatefulRuleRuleOption(
                    keyword="sid", settings=[str(number)]
                )
            ],
        )
        for number, protocol in enumerate(_REFUSED, start=1)
    ]
    source = NetworkfirewallRuleGroupRuleGroupRulesSource(stateful_rule=rules)
    return _group(scope, "only-tcp", source, naming=naming, supernet=supernet, key_arn=key_arn)


def allowed_domains(scope: Construct, *, naming: Naming, supernet: str, domains: Sequence[str], key_arn: str) -> str:
    """The ARN of a rule group that lets TLS and HTTP pass to `domains`; after a dot also to all below."""
    source = NetworkfirewallRuleGroupRuleGroupRulesSource(
        rules_source_list=NetworkfirewallRuleGroupRuleGroupRulesSourceRulesSourceListStruct(
            generated_rules_type="ALLOWLIST", target_types=["TLS_SNI", "HTTP_HOST"], targets=list(domains)
        )
    )
    return _group(scope, "allowed-domains", source, naming=naming, supernet=supernet, key_arn=key_arn)


def _group(
    scope: Construct,
    name: str,
    source: NetworkfirewallRuleGroupRuleGroupRulesSource,
    *,
    naming: Naming,
    supernet: str,
    key_arn: str,
) -> str:
    return NetworkfirewallRuleGroup(
        scope,
        name,
        name=naming.name(name),
        type="STATEFUL",
        capacity=_CAPACITY,
        rule_group=NetworkfirewallRuleGroupRuleGroup(
            # Else only the addresses of the firewall's own VPC would be home, and nothing of a spoke would match.
            rule_variables=NetworkfirewallRuleGroupRuleGroupRuleVariables(
                ip_sets=[
                    NetworkfirewallRuleGroupRuleGroupRuleVariablesIpSets(
                        key="HOME_NET",
                        ip_set=NetworkfirewallRuleGroupRuleGroupRuleVariablesIpSetsIpSet(definition=[supernet]),
                    )
                ]
            ),
            rules_source=source,
            stateful_rule_options=NetworkfirewallRuleGroupRuleGroupStatefulRuleOptions(rule_order="STRICT_ORDER"),
        ),
        encryption_configuration=NetworkfirewallRuleGroupEncryptionConfiguration(type="CUSTOMER_KMS", key_id=key_arn),
    ).arn
