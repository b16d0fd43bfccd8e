"""A Guard hook of CloudFormation, through Cloud Control."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.cloudcontrolapi_resource import CloudcontrolapiResource
from constructs import Construct

# A whole template, what a stack or Cloud Control is about to make of it, and what Cloud Control makes for others.
OPERATIONS = ("CLOUD_CONTROL", "RESOURCE", "STACK")


class GuardHook(Construct):
    """`AWS::CloudFormation::GuardHook`: judges by Guard rules what CloudFormation and Cloud Control create or update.

    `alias` has the form `Name1::Name2::Name3`; `rules_uri` and `rules_version` name the object with the rules.

    Native replacement: none yet, neither in hashicorp/aws 5.100 nor in 6.x.

    Guarantees: judges before anything is made, templates and single resources alike; deletions pass; a failure of the
    hook itself counts as a refusal when `failure_mode` is FAIL.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        alias: str,
        failure_mode: Literal["FAIL", "WARN"],
        role_arn: str,
        rules_uri: str,
        rules_version: str,
        log_bucket: str,
        after: Sequence[ITerraformDependable] = (),
    ) -> None:
        super().__init__(scope, id_)
        desired = {
            "Alias": alias,
            "ExecutionRole": role_arn,
            "FailureMode": failure_mode,
            "HookStatus": "ENABLED",
            "LogBucket": log_bucket,
            "RuleLocation": {"Uri": rules_uri, "VersionId": rules_version},
            "TargetFilters": {"Actions": ["CREATE", "UPDATE"]},
            "TargetOperations": list(OPERATIONS),
        }
        CloudcontrolapiResource(
            self,
            "hook",
            type_name="AWS::CloudFormation::GuardHook",
            desired_state=json.dumps(desired, separators=(",", ":"), sort_keys=True),
            depends_on=list(after) or None,
        )
