"""A customer-managed KMS key with its alias."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from constructs import Construct

from modules.core.iam import Statement, account_root, policy_document
from modules.core.naming import Naming

DELETION_WINDOW_DAYS = 30


class Key(Construct):
    """A symmetric key for one purpose in one account.

    Guarantees:
    - rotates every year;
    - can be recovered for 30 days after deletion was asked for, and Terraform refuses to ask;
    - its account decides through IAM who uses it; others need a statement that is given here;
    - is found under `alias/<organisation>-<environment>-<purpose>`.

    Controls: DATA-09, DATA-10, DATA-11 (FSBP KMS.4, NIST 800-53 SC-12).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        purpose: str,
        statements: Sequence[Statement] = (),
        tags: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, id_)
        own_account = Statement(
            "AccountDecidesByIam",
            actions=("kms:*",),
            resources=("*",),
            principals=account_root(naming.partition, naming.account_id),
        )
        key = KmsKey(
            self,
            "key",
            description=f"{naming.organization} {naming.environment}: {purpose}",
            policy=policy_document(own_account, *statements),
            enable_key_rotation=True,
            deletion_window_in_days=DELETION_WINDOW_DAYS,
            tags=tags,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
        )
        self.arn = key.arn
        # A reference to the alias: known before the key is made, where a plan has to show what it is put into.
        self.alias = KmsAlias(self, "alias", name=f"alias/{naming.name(purpose)}", target_key_id=key.key_id).name
