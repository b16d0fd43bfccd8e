"""Name resolution of one VPC, as the organisation has it."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.route53_profiles_association import Route53ProfilesAssociation
from cdktf_cdktf_provider_aws.route53_resolver_dnssec_config import Route53ResolverDnssecConfig
from cdktf_cdktf_provider_aws.route53_resolver_query_log_config_association import (
    Route53ResolverQueryLogConfigAssociation,
)
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.network.contract import DnsContract
from modules.foundations.network.endpoint_settings import DnsSettings


class VpcDns(Construct):
    """Binds the VPC `<organisation>-<environment>-<what>` to the organisation's Route 53 Profile and query log.

    Guarantees:
    - names of central endpoints, forwarded domains and blocked domains are answered as everywhere else;
    - every query is logged in the log archive; signed public zones are validated, unless the settings say otherwise.

    Controls: NET-04 (FSBP Route53.2; NIST 800-53 SC-20, SC-21, AU-12).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        settings: DnsSettings,
        vpc_id: str,
        dns: DnsContract,
    ) -> None:
        super().__init__(scope, id_)
        Route53ProfilesAssociation(
            self, "profile", name=naming.name(what), profile_id=dns.profile_id, resource_id=vpc_id
        )
        Route53ResolverQueryLogConfigAssociation(
            self, "query-log", resolver_query_log_config_id=dns.query_log_config_id, resource_id=vpc_id
        )
        if settings.validate_dnssec:
            Route53ResolverDnssecConfig(self, "dnssec", resource_id=vpc_id)
