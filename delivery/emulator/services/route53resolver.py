"""Route 53 Resolver: query logs that other accounts use and their end, protocols of endpoints. No query is logged."""

from __future__ import annotations

import json
from typing import Any

from moto.ec2.models import ec2_backends
from moto.route53resolver.models import ResolverEndpoint, Route53ResolverBackend, route53resolver_backends
from moto.route53resolver.responses import Route53ResolverResponse

from delivery.emulator.service import Answer, AwsError, Call, PassToMoto, Service
from delivery.emulator.services.ram import is_shared_with

SERVICE = Service("route53resolver")


def _every(call: Call) -> list[Route53ResolverBackend]:
    """The caller's backend, then those of all other accounts in the region."""
    mine = route53resolver_backends[call.account][call.region]
    others = (regions[call.region] for account, regions in list(route53resolver_backends.items()))
    return [mine, *(backend for backend in others if backend is not mine)]


def _config(call: Call, *, owned: bool = False) -> Any:
    """The query log that the call names, if it is the caller's or shared with the caller."""
    id_ = call.params["ResolverQueryLogConfigId"]
    for backend in _every(call)[: 1 if owned else None]:
        config = backend.resolver_query_log_configs.get(id_)
        if config is not None and (config.account_id == call.account or is_shared_with(call.account, config.arn)):
            return config
    raise AwsError("ResourceNotFoundException", f"Resolver query log config with ID '{id_}' does not exist")


@SERVICE.mend
def query_logs_have_tags() -> None:
    """moto keeps the tags that a query log is made with, but gives none back and takes no others."""
    match = Route53ResolverBackend._matched_arn

    def _matched_arn(self: Any, resource_arn: str) -> None:
        if all(config.arn != resource_arn for config in self.resolver_query_log_configs.values()):
            match(self, resource_arn)

    Route53ResolverBackend._matched_arn = _matched_arn


@SERVICE.mend
def endpoints_keep_their_protocols() -> None:
    """A Resolver endpoint has protocols and a type of addresses, which moto forgets; by default AWS's."""
    respond, describe = Route53ResolverResponse.create_resolver_endpoint, ResolverEndpoint.description
    ResolverEndpoint.protocols, ResolverEndpoint.addresses = ("Do53",), "IPV4"

    def create_resolver_endpoint(self: Any) -> str:
        made = json.loads(respond(self))["ResolverEndpoint"]["Id"]
        endpoint = self.route53resolver_backend.resolver_endpoints[made]
        endpoint.protocols = self._get_param("Protocols") or endpoint.protocols
        endpoint.addresses = self._get_param("ResolverEndpointType") or endpoint.addresses
        return json.dumps({"ResolverEndpoint": endpoint.description()})

    def description(self: Any) -> Answer:
        return {**describe(self), "Protocols": list(self.protocols), "ResolverEndpointType": self.addresses}

    Route53ResolverResponse.create_resolver_endpoint = create_resolver_endpoint
    ResolverEndpoint.description = description


@SERVICE.operation("GetResolverQueryLogConfig")
def get_query_log(call: Call) -> Answer:
    return {"ResolverQueryLogConfig": _config(call).description()}


@SERVICE.operation("DeleteResolverQueryLogConfig")
def delete_query_log(call: Call) -> Answer:
    config = _config(call, owned=True)
    if config.association_count:
        raise AwsError("InvalidRequestException", f"{config.id} is associated with {config.association_count} VPCs")
    del route53resolver_backends[call.account][call.region].resolver_query_log_configs[config.id]
    return {"ResolverQueryLogConfig": {**config.description(), "Status": "DELETING"}}


@SERVICE.operation("AssociateResolverQueryLogConfig")
def associate_query_log(call: Call) -> Answer:
    config, vpc = _config(call), call.params["ResourceId"]
    if config.account_id == call.account:
        raise PassToMoto
    if vpc not in ec2_backends[call.account][call.region].vpcs:
        raise AwsError("InvalidParameterException", f"The vpc ID '{vpc}' does not exist")
    # moto looks in the caller's account alone: for the time of the call, the shared query log stands there, too.
    mine = route53resolver_backends[call.account][call.region]
    mine.resolver_query_log_configs[config.id] = config
    try:
        association = mine.associate_resolver_query_log_config(config.id, vpc)
    finally:
        del mine.resolver_query_log_configs[config.id]
    return {"ResolverQueryLogConfigAssociation": association.description()}


@SERVICE.operation("DisassociateResolverQueryLogConfig")
def disassociate_query_log(call: Call) -> Answer:
    config, vpc = _config(call), call.params["ResourceId"]
    associations = route53resolver_backends[call.account][call.region].resolver_query_log_config_associations
    for id_, association in list(associations.items()):
        if association.resolver_query_log_config_id == config.id and association.resource_id == vpc:
            del associations[id_]
            config.association_count -= 1
            return {"ResolverQueryLogConfigAssociation": {**association.description(), "Status": "DELETING"}}
    raise AwsError("ResourceNotFoundException", f"{config.id} is not associated with {vpc}")
