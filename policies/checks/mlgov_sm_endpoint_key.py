"""Volumes of an endpoint are under a key of the organisation."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.key import customer_key
from policies.sagemaker import on_local_disks, variants


class SmEndpointKey(PlatformCheck):
    """The configuration names a key; left out, AWS takes its own, and CKV_AWS_98 passes that key's alias, too.

    Variants on local disks alone are left out: SageMaker refuses them a key.
    """

    policy = "CKV_MLGOV_135"
    title = "SageMaker endpoint encrypts its volumes under a customer-managed key"
    control = "SM-35"
    resources = ("aws_sagemaker_endpoint_configuration",)

    def judge(self, conf: Conf) -> Judgement:
        if all(on_local_disks(variant.value("instance_type")) for _, variant in variants(conf)):
            return NOT_APPLICABLE
        return holds(customer_key(conf, "kms_key_arn"))


check = SmEndpointKey()
