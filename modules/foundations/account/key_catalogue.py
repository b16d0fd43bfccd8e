"""The customer-managed keys of one account in one region, one for each purpose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from constructs import Construct

from modules.core.iam import Statement
from modules.core.key import Key
from modules.core.log_group import logs_may_use_key
from modules.core.naming import Naming
from modules.foundations.account.key_purposes import Purpose, statements


class KeyCatalogue(Construct):
    """A key for each purpose, found under `alias/<organisation>-<environment>-<purpose>`.

    `organization_id` is needed where a key is opened to the organisation; `arns` are the keys' by purpose. `opened`:
    purpose -> what its policy says beside, for who alone knows whom the key is opened to.

    Guarantees:
    - each key rotates, cannot be lost in a hurry, and says in its tags what it is for and whose it is;
    - its account's IAM decides who uses it; whom it is opened to beside is bounded by the account or the organisation.

    Controls: DATA-10, DATA-11 (FSBP KMS.4, KMS.5; NIST 800-53 SC-12, SC-13, AC-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        purposes: Sequence[Purpose],
        owner: str,
        organization_id: str | None,
        opened: Mapping[str, Sequence[Statement]] | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.arns: dict[str, str] = {}
        for purpose in purposes:
            logs = [logs_may_use_key(naming)] if purpose.log_groups else []
            key = Key(
                self,
                purpose.name,
                naming=naming,
                purpose=purpose.name,
                statements=[
                    *logs,
                    *statements(purpose, naming, organization_id),
                    *(opened or {}).get(purpose.name, ()),
                ],
                tags={"Purpose": purpose.name, "Owner": owner},
            )
            self.arns[purpose.name] = key.arn
