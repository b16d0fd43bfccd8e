"""The resource types of findings, by what they mean to the platform. No cdktf here.

Prefixes of https://docs.aws.amazon.com/securityhub/latest/userguide/asff-resources.html and of AWS Config's types,
which Security Hub writes without colons where its own format has none.
"""

from __future__ import annotations

MACHINE_LEARNING = ("AwsSageMaker", "AwsBedrock")
DATA_LAKE = ("AwsGlue", "AwsLakeFormation", "AwsAthena")
