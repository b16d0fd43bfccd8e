"""Names for every network of the organisation in one region."""

from __future__ import annotations

import json
from collections.abc import Mapping

from cdktf_cdktf_provider_aws.ram_principal_association import RamPrincipalAssociation
from cdktf_cdktf_provider_aws.ram_resource_association import RamResourceAssociation
from cdktf_cdktf_provider_aws.ram_resource_share import RamResourceShare
from cdktf_cdktf_provider_aws.route53_profiles_profile import Route53ProfilesProfile
from cdktf_cdktf_provider_aws.route53_profiles_resource_association import Route53ProfilesResourceAssociation
from cdktf_cdktf_provider_aws.route53_resolver_firewall_domain_list import Route53ResolverFirewallDomainList
from cdktf_cdktf_provider_aws.route53_resolver_firewall_rule import Route53ResolverFirewallRule
from cdktf_cdktf_provider_aws.route53_resolver_firewall_rule_group import Route53ResolverFirewallRuleGroup
from cdktf_cdktf_provider_aws.route53_resolver_query_log_config import Route53ResolverQueryLogConfig
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.network.contract import DnsContract
from modules.foundations.network.endpoint_settings import DnsSettings
from modules.observability.contract import LogArchiveContract

# Rules that an account adds to its own VPCs may come before (from 101) and after.
FIREWALL_PRIORITY = 1000


class CentralDns(Construct):
    """A Route 53 Profile with the given endpoints, and a query log, both shared with the organisation.

    An endpoint in a Profile brings the private hosted zones that AWS itself keeps for it, so that no name of a
    service is written here (docs/adr/0015-central-endpoints.md). `organization_arn` is whom both are shared with.

    Guarantees:
    - shared with the organisation alone, external accounts excluded;
    - queries are logged in the log archive; blocked domains are answered with NODATA in every network.

    Controls: NET-04 (NIST 800-53 SC-20, SC-7, AU-12).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: DnsSettings,
        endpoint_arns: Mapping[str, str],
        organization_arn: str,
        logs: LogArchiveContract,
    ) -> None:
        super().__init__(scope, id_)
        self._naming = naming
        profile = Route53ProfilesProfile(self, "profile", name=naming.name("dns"))
        self._profile_id = profile.id
        query_log = Route53ResolverQueryLogConfig(
            self, "query-log", name=naming.name("queries"), destination_arn=logs.bucket_arn
        )
        for name, arn in endpoint_arns.items():
            self.add(name, arn)
        if settings.blocked_domains:
            self._block(settings)
        self._share({"profile": profile.arn, "query-log": query_log.arn}, organization_arn)
        self.contract = DnsContract(profile_id=profile.id, query_log_config_id=query_log.id)

    def add(self, what: str, arn: str, *, properties: Mapping[str, object] | None = None) -> None:
        """Give a resource, such as an endpoint or a forwarding rule, to every network that uses the Profile."""
        Route53ProfilesResourceAssociation(
            self,
            f"with-{what}",
            name=self._naming.name(what),
            profile_id=self._profile_id,
            resource_arn=arn,
            resource_properties=json.dumps(properties, separators=(",", ":")) if properties else None,
        )

    def _block(self, settings: DnsSettings) -> None:
        name = self._naming.name("blocked")
        domains = Route53ResolverFirewallDomainList(
            self,
            "blocked-domains",
            name=name,
            domains=[f"{domain}." for domain in sorted(settings.blocked_domains)],  # the form that AWS gives back
        )
        group = Route53ResolverFirewallRuleGroup(self, "blocked", name=name)
        Route53ResolverFirewallRule(
            self,
            "blocked-rule",
            name=name,
            action="BLOCK",
            block_response="NODATA",
            firewall_domain_list_id=domains.id,
            firewall_rule_group_id=group.id,
            priority=100,
        )
        self.add("blocked-group", group.arn, properties={"priority": FIREWALL_PRIORITY})

    def _share(self, resources: Mapping[str, str], organization_arn: str) -> None:
        share = RamResourceShare(self, "share", name=self._naming.name("dns"), allow_external_principals=False)
        for what, arn in resources.items():
            RamResourceAssociation(self, f"shared-{what}", resource_arn=arn, resource_share_arn=share.arn)
        RamPrincipalAssociation(self, "organization", principal=organization_arn, resource_share_arn=share.arn)
