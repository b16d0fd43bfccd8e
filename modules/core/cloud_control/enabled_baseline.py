"""A baseline of AWS Control Tower on an organisational unit, through Cloud Control."""

from __future__ import annotations

import json
from collections.abc import Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.cloudcontrolapi_resource import (
    CloudcontrolapiResource,
    CloudcontrolapiResourceTimeouts,
)
from constructs import Construct

_PATIENCE = "120m"  # every account of the unit is enrolled before the operation ends


class EnabledBaseline(Construct):
    """`AWS::ControlTower::EnabledBaseline`: registers the target with Control Tower and enrols its accounts.

    Native replacement: `aws_controltower_baseline`, in hashicorp/aws from 6.14 on (here: 5.100). Moving there is an
    import of `arn` and a removal from this resource's state; nothing is registered anew.

    Guarantees: the baseline has the version given, and is made after `after`; who needs it waits for `made`.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        baseline_arn: str,
        baseline_version: str,
        target_arn: str,
        after: Sequence[ITerraformDependable] = (),
    ) -> None:
        super().__init__(scope, id_)
        desired = {
            "BaselineIdentifier": baseline_arn,
            "BaselineVersion": baseline_version,
            "TargetIdentifier": target_arn,
        }
        self.made = CloudcontrolapiResource(
            self,
            "baseline",
            type_name="AWS::ControlTower::EnabledBaseline",
            desired_state=json.dumps(desired, separators=(",", ":"), sort_keys=True),
            depends_on=list(after) or None,
            timeouts=CloudcontrolapiResourceTimeouts(create=_PATIENCE, update=_PATIENCE, delete=_PATIENCE),
        )
