"""The firewall between the organisation and the internet."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.networkfirewall_firewall import (
    NetworkfirewallFirewall,
    NetworkfirewallFirewallEncryptionConfiguration,
    NetworkfirewallFirewallSubnetMapping,
)
from cdktf_cdktf_provider_aws.networkfirewall_firewall_policy import (
    NetworkfirewallFirewallPolicy,
    NetworkfirewallFirewallPolicyEncryptionConfiguration,
    NetworkfirewallFirewallPolicyFirewallPolicy,
    NetworkfirewallFirewallPolicyFirewallPolicyStatefulEngineOptions,
    NetworkfirewallFirewallPolicyFirewallPolicyStatefulRuleGroupReference,
)
from cdktf_cdktf_provider_aws.networkfirewall_logging_configuration import (
    NetworkfirewallLoggingConfiguration,
    NetworkfirewallLoggingConfigurationLoggingConfiguration,
    NetworkfirewallLoggingConfigurationLoggingConfigurationLogDestinationConfig,
)
from cdktf_cdktf_provider_aws.subnet import Subnet
from constructs import Construct

from modules.core.key import Key
from modules.core.log_group import LogGroup, logs_may_use_key
from modules.core.naming import Naming
from modules.foundations.network.firewall_rules import allowed_domains, only_tcp
from modules.foundations.network.settings import NetworkSettings


class Inspection(Construct):
    """AWS Network Firewall in the `subnets` (by letter of zone) of the VPC `vpc_id`.

    Guarantees:
    - TLS and HTTP to the allowed domains pass, all else that leaves the supernet is dropped;
    - what is dropped is an alert in CloudWatch Logs, beside the flow logs of the VPC in the log archive;
    - rules, policy, firewall and alerts are encrypted by a key of this account;
    - the firewall refuses to be deleted.

    Controls: NET-01, LOG-03 (FSBP NetworkFirewall.2, NetworkFirewall.3, NetworkFirewall.4, NetworkFirewall.5,
    NetworkFirewall.9; NIST 800-53 SC-7, SI-4).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: NetworkSettings,
        vpc_id: str,
        subnets: Mapping[str, Subnet],
    ) -> None:
        super().__init__(scope, id_)
        self._key = Key(self, "key", naming=naming, purpose="firewall", statements=[logs_may_use_key(naming)]).arn
        self._subnets = subnets
        self._firewall = NetworkfirewallFirewall(
            self,
            "firewall",
            name=naming.name("egress"),
            firewall_policy_arn=self._policy(naming, settings),
            vpc_id=vpc_id,
            subnet_mapping=[NetworkfirewallFirewallSubnetMapping(subnet_id=subnet.id) for subnet in subnets.values()],
            delete_protection=True,
            encryption_configuration=NetworkfirewallFirewallEncryptionConfiguration(
                type="CUSTOMER_KMS", key_id=self._key
            ),
        )
        self._log(naming, settings)

    def endpoint_id(self, zone: str) -> str:
        """The firewall's endpoint in the zone with this letter, for routes that lead through it."""
        states = f"{self._firewall.fqn}.firewall_status[0].sync_states"
        there = f"state.attachment[0].subnet_id == {self._subnets[zone].fqn}.id"
        return f"${{one([for state in {states} : state.attachment[0].endpoint_id if {there}])}}"

    def _policy(self, naming: Naming, settings: NetworkSettings) -> str:
        groups = (
            only_tcp(self, naming=naming, supernet=settings.supernet, key_arn=self._key),
            allowed_domains(
                self, naming=naming, supernet=settings.supernet, domains=settings.allowed_domains, key_arn=self._key
            ),
        )
        return NetworkfirewallFirewallPolicy(
            self,
            "policy",
            name=naming.name("egress"),
            firewall_policy=NetworkfirewallFirewallPolicyFirewallPolicy(
                stateless_default_actions=["aws:forward_to_sfe"],
                stateless_fragment_default_actions=["aws:forward_to_sfe"],
                stateful_engine_options=NetworkfirewallFirewallPolicyFirewallPolicyStatefulEngineOptions(
                    rule_order="STRICT_ORDER", stream_exception_policy="DROP"
                ),
                # Not before a connection is established: the name of the server comes after the TCP handshake.
                stateful_default_actions=["aws:drop_established", "aws:alert_established"],
                stateful_rule_group_reference=[
                    NetworkfirewallFirewallPolicyFirewallPolicyStatefulRuleGroupReference(
                        priority=place, resource_arn=arn
                    )
                    for place, arn in enumerate(groups, start=1)
                ],
            ),
            encryption_configuration=NetworkfirewallFirewallPolicyEncryptionConfiguration(
                type="CUSTOMER_KMS", key_id=self._key
            ),
        ).arn

    def _log(self, naming: Naming, settings: NetworkSettings) -> None:
        # Below /aws/vendedlogs/, else the policy by which AWS delivers logs grows with each log group.
        alerts = LogGroup(
            self,
            "alerts",
            name=f"/aws/vendedlogs/{naming.name('firewall-alerts')}",
            key_arn=self._key,
            retention_days=settings.alert_log_days,
        )
        NetworkfirewallLoggingConfiguration(
            self,
            "logging",
            firewall_arn=self._firewall.arn,
            logging_configuration=NetworkfirewallLoggingConfigurationLoggingConfiguration(
                log_destination_config=[
                    NetworkfirewallLoggingConfigurationLoggingConfigurationLogDestinationConfig(
                        log_type="ALERT",
                        log_destination_type="CloudWatchLogs",
                        log_destination={"logGroup": alerts.name},
                    ),
                ]
            ),
        )
