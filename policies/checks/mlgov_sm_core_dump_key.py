"""Core dumps of an endpoint are under a key of the organisation."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.key import customer_key
from policies.sagemaker import variants


class SmCoreDumpKey(PlatformCheck):
    """Each variant that dumps names a key; left out, AWS takes its own."""

    policy = "CKV_MLGOV_170"
    title = "SageMaker endpoint encrypts core dumps under a customer-managed key"
    control = "SM-40"
    resources = ("aws_sagemaker_endpoint_configuration",)

    def judge(self, conf: Conf) -> Judgement:
        dumping = [path for path, variant in variants(conf) if variant.blocks("core_dump_config")]
        problems = [customer_key(conf, f"{path}.core_dump_config.kms_key_id") for path in sorted(set(dumping))]
        return holds(*problems) if problems else NOT_APPLICABLE


check = SmCoreDumpKey()
