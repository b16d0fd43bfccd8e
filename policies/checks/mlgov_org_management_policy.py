"""A management policy is a document of its type, and fits."""

from __future__ import annotations

from collections.abc import Mapping

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, failed, holds
from policies.document import Conf
from policies.iam import parsed

# The key that AWS's syntax of the type begins with, and how many characters a document may have.
TYPES = {
    "AISERVICES_OPT_OUT_POLICY": ("services", 2_500),
    "BACKUP_POLICY": ("plans", 10_000),
    "DECLARATIVE_POLICY_EC2": ("ec2_attributes", 10_000),
    "TAG_POLICY": ("tags", 10_000),
}


class OrgManagementPolicy(PlatformCheck):
    """The document is literal JSON, says something under the key of its type and nothing else, and is within the quota.

    AWS Organizations takes a document without content, and then nothing is governed.
    """

    policy = "CKV_MLGOV_334"
    title = "Tag, backup, declarative or AI opt-out policy is a document of its type"
    control = "ORG-09"
    resources = ("aws_organizations_policy",)

    def judge(self, conf: Conf) -> Judgement:
        kind = str(conf.literal("type"))
        if kind not in TYPES:
            return NOT_APPLICABLE
        key, quota = TYPES[kind]
        document = parsed(conf, "content")
        if not isinstance(document, Mapping):
            return failed("content is no JSON object")
        size = len(str(conf.value("content")))
        return holds(
            None if document.get(key) and isinstance(document[key], Mapping) else f"content has nothing under {key}",
            *(f"content has the key {other}, which is none of its type" for other in document if other != key),
            f"content has {size} characters, and AWS takes {quota}" if size > quota else None,
        )


check = OrgManagementPolicy()
