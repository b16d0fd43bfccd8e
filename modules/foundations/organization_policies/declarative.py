"""The declarative policy of a guardrail level: what EC2, EBS and VPC are in its accounts."""

from __future__ import annotations

from modules.foundations.organization_policies.document import Document, append, assign
from modules.foundations.organization_policies.settings import DeclarativeSettings, Level


def declarative(level: Level, settings: DeclarativeSettings) -> Document:
    """The document of `level`: whole, as the assignments of a unit replace those of the unit above.

    Snapshots, images and metadata have the values that the account baseline sets where there is no such policy.
    """
    internet = settings.internet.of(level)
    attributes: dict[str, object] = {
        "exception_message": assign(settings.message),
        "vpc_block_public_access": {
            "internet_gateway_block": {
                "mode": assign(internet.mode),
                "exclusions_allowed": assign("enabled" if internet.exclusions else "disabled"),
            }
        },
        "serial_console_access": {"status": assign("disabled")},
        "image_block_public_access": {"state": assign("block_new_sharing")},
        "snapshot_block_public_access": {"state": assign("block_all_sharing")},
        "instance_metadata_defaults": {
            "http_tokens": assign("required"),
            "http_put_response_hop_limit": assign("2"),
            "http_endpoint": assign("enabled"),
            "instance_metadata_tags": assign("no_preference"),
        },
        "allowed_images_settings": {
            "state": assign("audit_mode"),
            "image_criteria": {"criteria_1": {"allowed_image_providers": append(settings.image_providers)}},
        },
    }
    return {"ec2_attributes": attributes}
