"""Model cards that a stack makes through Cloud Control, as the provider has no resource for them."""

from __future__ import annotations

import json

from policies.document import Conf, Unprovable

CARD = "AWS::SageMaker::ModelCard"


def card_of(resource: Conf) -> Conf | None:
    """The properties of the card that an `aws_cloudcontrolapi_resource` makes; None where it makes something else.

    Raises Unprovable when the type, or the text of the properties, is known to Terraform alone.
    """
    if resource.literal("type_name") != CARD:
        return None
    text = resource.value("desired_state")
    try:
        return Conf(json.loads(str(text)), resource.address)
    except ValueError:
        raise Unprovable("desired_state", text) from None
