"""Physical names. One rule for all: `<organisation>-<environment>-<what>`; too long is an error, never a hash.

What was there before keeps the name it has (`adopted`): names of buckets, SageMaker domains and the trail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from modules.core.adopted import AdoptedNames
from modules.core.errors import ConfigError

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_TOKEN_MARKS = ("${", "%{", "TfToken")
# How many characters AWS allows; NAME_LIMIT is that of roles, functions and rules, and of what has none here.
BUCKET_LIMIT = 63
NAME_LIMIT = 64
QUEUE_LIMIT = 80
BUDGET_LIMIT = 100
IDENTIFIER_LIMIT = 128  # a custom data identifier of Macie
POLICY_LIMIT = 128
ALARM_LIMIT = 255
TOPIC_LIMIT = 256


@dataclass(frozen=True, slots=True)
class Naming:
    """Names and ARNs of one account in one environment and region.

    `account_id` may be a Terraform reference where AWS assigns the id; then it may stand in an ARN
    but never in a name.
    """

    organization: str
    environment: str
    account: str
    account_id: str
    partition: str
    region: str
    adopted: AdoptedNames = field(default_factory=AdoptedNames)

    def name(self, what: str, *, limit: int = NAME_LIMIT) -> str:
        """The physical name of `what`. Raises ConfigError when it breaks AWS's rules or holds a reference."""
        full = f"{self.organization}-{self.environment}-{what}"
        if any(mark in full for mark in _TOKEN_MARKS):
            raise ConfigError(f"the name {full!r} holds a Terraform reference; names are literals")
        if not _NAME.fullmatch(full):
            raise ConfigError(f"the name {full!r} must be lower-case letters, digits and single hyphens")
        if len(full) > limit:
            raise ConfigError(
                f"the name {full!r} has {len(full)} characters, {limit} are allowed: shorten a part of it"
            )
        return full

    def bucket(self, what: str) -> str:
        """A bucket name (63 characters at most); that of an adopted bucket is the one it has."""
        name = self.name(what, limit=BUCKET_LIMIT)
        return self.adopted.buckets.get(name, name)

    def bucket_arn(self, what: str) -> str:
        """The ARN of the bucket `what`."""
        return f"arn:{self.partition}:s3:::{self.bucket(what)}"

    def arn(self, service: str, resource: str, *, region: bool = True) -> str:
        """`arn:<partition>:<service>:<region>:<account>:<resource>`; global services take `region=False`."""
        return f"arn:{self.partition}:{service}:{self.region if region else ''}:{self.account_id}:{resource}"

    def role_arn(self, what: str) -> str:
        """The ARN of the IAM role `what`."""
        return self.arn("iam", f"role/{self.name(what)}", region=False)
