"""What an account tells of itself to templates that read no Terraform."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.ssm_parameter import SsmParameter
from constructs import Construct


class AccountParameters(Construct):
    """SSM parameters by name: ARNs of keys, the environment's word. They are called alike in every account.

    Guarantees: no value is a secret, and each is a plain string that CloudFormation resolves at every launch.
    """

    def __init__(self, scope: Construct, id_: str, *, values: Mapping[str, str]) -> None:
        super().__init__(scope, id_)
        for name, value in values.items():
            SsmParameter(
                self,
                name.strip("/").replace("/", "-"),
                name=name,
                type="String",
                value=value,
                description="For products of Service Catalog; no secret",
            )
