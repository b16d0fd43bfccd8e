"""State is remote, locked, and encrypted under our key."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, failed, holds
from policies.document import Conf, StackDocument


class PlatBackend(StackCheck):
    """The backend is S3 with a native lock file, encryption and a customer-managed key."""

    policy = "CKV_MLGOV_11"
    title = "Terraform state lies in S3, locked and encrypted under a customer-managed key"
    control = "PLAT-01"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.backends()

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        if subject.address != "terraform.backend.s3":
            return failed("the state backend is not s3")
        return holds(
            None if subject.true("use_lockfile") else "use_lockfile is not true",
            None if subject.true("encrypt") else "encrypt is not true",
            None if subject.given("kms_key_id") else "kms_key_id is not set",
        )


check = PlatBackend()
