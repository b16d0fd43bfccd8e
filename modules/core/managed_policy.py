"""A customer managed policy, for what does not fit into a role's inline policy beside everything else."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.iam_policy import IamPolicy
from constructs import Construct

from modules.core.errors import ConfigError
from modules.core.iam import Statement, policy_document, policy_length
from modules.core.naming import POLICY_LIMIT, Naming

# Of one managed policy, without white space:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_LIMIT = 6_144


class ManagedPolicy(Construct):
    """The policy `<organisation>-<environment>-<what>`, made of `statements`, for roles to which it is attached.

    Guarantees:
    - a policy that IAM would refuse for its length is told at synthesis, by a ConfigError;
    - who names it by `arn` waits for it.

    Controls: IAM-05 (NIST 800-53 AC-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        description: str,
        statements: Sequence[Statement],
    ) -> None:
        super().__init__(scope, id_)
        self.what, name, document = what, naming.name(what, limit=POLICY_LIMIT), policy_document(*statements)
        if (length := policy_length(document)) > _LIMIT:
            raise ConfigError(
                f"the policy {name} names so much that it has {length} characters, and IAM takes {_LIMIT}: let the "
                "team have fewer projects in this account"
            )
        policy = IamPolicy(self, "policy", name=name, description=description, policy=document)
        self.arn: str = policy.arn
