"""Job definitions of Model Monitor that a stack makes through Cloud Control: the provider has no resource for them."""

from __future__ import annotations

import json
import re

from policies.document import Conf, Unprovable

EXPLAINS = "AWS::SageMaker::ModelExplainabilityJobDefinition"
JOBS = (
    "AWS::SageMaker::ModelBiasJobDefinition",
    EXPLAINS,
    "AWS::SageMaker::ModelQualityJobDefinition",
)
# A value that Terraform writes into the text as JSON, such as a list of subnets.
_WRITTEN_IN = re.compile(r"(?<=[:\[,])(\$\{[\w.\[\]-]+\})(?=[,\]}])")


def definition_of(resource: Conf) -> tuple[str, Conf] | None:
    """The type and the properties of the definition that an `aws_cloudcontrolapi_resource` makes; None for others.

    Raises Unprovable when the type, or the text of the properties, is known to Terraform alone.
    """
    kind = resource.literal("type_name")
    if kind not in JOBS:
        return None
    text = resource.value("desired_state")
    try:
        return str(kind), Conf(json.loads(_WRITTEN_IN.sub(r'"\1"', str(text))), resource.address)
    except ValueError:
        raise Unprovable("desired_state", text) from None
