"""What AWS does not offer in every partition, and the ARNs of Security Hub's standards. No cdktf here.

A standard or feature that AWS does not confirm for a partition counts as absent: AWS refuses a configuration policy
that names an unknown standard.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from modules.foundations.security.settings import Standard

# https://docs.aws.amazon.com/securityhub/latest/userguide/standards-reference.html
_STANDARDS: Mapping[Standard, str] = {
    "ai-security-best-practices": "ai-security-best-practices/v/1.0.0",
    "cis-aws-foundations-3": "cis-aws-foundations-benchmark/v/3.0.0",
    "cis-aws-foundations-5": "cis-aws-foundations-benchmark/v/5.0.0",
    "foundational-security-best-practices": "aws-foundational-security-best-practices/v/1.0.0",
    "nist-800-53": "nist-800-53/v/5.0.0",
    "nist-800-171": "nist-800-171/v/2.0.0",
    "pci-dss-4": "pci-dss/v/4.0.1",
    "resource-tagging": "aws-resource-tagging-standard/v/1.0.0",
}


@dataclass(frozen=True, slots=True)
class Availability:
    """What one partition offers beyond what all do."""

    macie: bool = True
    detective: bool = True
    missing_standards: frozenset[Standard] = frozenset()

    def standards(self, wanted: Iterable[Standard]) -> tuple[Standard, ...]:
        """Those of `wanted` that the partition has, in their order."""
        return tuple(standard for standard in wanted if standard not in self.missing_standards)


# https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/using-services.html
# https://docs.amazonaws.cn/en_us/aws/latest/userguide/services.html
_PARTITIONS: Mapping[str, Availability] = {
    "aws": Availability(),
    "aws-us-gov": Availability(macie=False, missing_standards=frozenset({"ai-security-best-practices"})),
    "aws-cn": Availability(
        macie=False,
        detective=False,
        missing_standards=frozenset({"ai-security-best-practices", "nist-800-171"}),
    ),
}

# https://docs.aws.amazon.com/inspector/latest/user/inspector_regions.html: elsewhere, and in GovCloud, AWS refuses.
_CODE_SCANS = frozenset(
    {
        *("us-east-1", "us-east-2", "us-west-2"),
        *("eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2"),
        *("ap-northeast-1", "ap-southeast-1", "ap-southeast-2"),
    }
)


def code_scans(region: str) -> bool:
    """Whether Inspector reads the code of functions in the region."""
    return region in _CODE_SCANS


def offered(partition: str) -> Availability:
    """What the partition offers; raises KeyError for one that settings do not know either."""
    return _PARTITIONS[partition]


def standard_arn(standard: Standard, *, partition: str, region: str) -> str:
    """The ARN of a standard in one region."""
    return f"arn:{partition}:securityhub:{region}::standards/{_STANDARDS[standard]}"
