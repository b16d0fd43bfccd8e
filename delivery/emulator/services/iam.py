"""IAM's organisation features: central management of root credentials and root sessions."""

from __future__ import annotations

from moto.organizations.models import organizations_backends

from delivery.emulator.service import Answer, AwsError, Call, Service

SERVICE = Service("iam")
_FEATURES = {
    "RootCredentialsManagement": "OrganizationsRootCredentialsManagement",
    "RootSessions": "OrganizationsRootSessions",
}


def _organization_id(call: Call) -> str:
    backend = organizations_backends[call.account]["aws"]
    if backend.org is None:
        raise AwsError("OrganizationNotFoundException", f"account {call.account} manages no organisation")
    if not any(service["ServicePrincipal"] == "iam.amazonaws.com" for service in backend.services):
        raise AwsError(
            "ServiceAccessNotEnabledException", "trusted access of iam.amazonaws.com is not enabled in the organisation"
        )
    return str(backend.org.id)


@SERVICE.operation(
    "ListOrganizationsFeatures",
    *(f"{verb}{feature}" for verb in ("Enable", "Disable") for feature in _FEATURES.values()),
)
def organizations_features(call: Call) -> Answer:
    """Turn one feature on or off, or neither, and list those that are on."""
    organization = _organization_id(call)
    enabled = call.global_table("feature")
    for feature, operation in _FEATURES.items():
        if call.operation == f"Enable{operation}":
            enabled[feature] = {}
        elif call.operation == f"Disable{operation}":
            enabled.pop(feature, None)
    return {"OrganizationId": organization, "EnabledFeatures": sorted(enabled)}
