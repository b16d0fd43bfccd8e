"""Every space of Studio belongs to a person."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import among, given


class SmSpaceOwner(PlatformCheck):
    """The space says whose it is and whether it is shared; left out, nobody can be held to it."""

    policy = "CKV_MLGOV_110"
    title = "SageMaker space has an owner and a sharing type"
    control = "SM-10"
    resources = ("aws_sagemaker_space",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(
            among(conf, "space_sharing_settings.sharing_type", ("Private", "Shared")),
            given(conf, "ownership_settings.owner_user_profile_name"),
        )


check = SmSpaceOwner()
