"""A monitor through Cloud Control encrypts what it sends, keeps and writes."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal
from policies.key import customer_key
from policies.monitor_definition import definition_of


class SmDefinitionEncrypted(PlatformCheck):
    """Traffic between machines is encrypted, and disks and results are under keys that the definition names."""

    policy = "CKV_MLGOV_452"
    title = "SageMaker monitoring job through Cloud Control is encrypted"
    control = "SM-49"
    resources = ("aws_cloudcontrolapi_resource",)

    def judge(self, conf: Conf) -> Judgement:
        found = definition_of(conf)
        if found is None:
            return NOT_APPLICABLE
        kind, properties = found
        word = kind.removeprefix("AWS::SageMaker::").removesuffix("JobDefinition")
        return holds(
            equal(properties, "NetworkConfig.EnableInterContainerTrafficEncryption", True, absent="false"),
            customer_key(properties, "JobResources.ClusterConfig.VolumeKmsKeyId"),
            customer_key(properties, f"{word}JobOutputConfig.KmsKeyId"),
        )


check = SmDefinitionEncrypted()
