"""The address of a source holds no password, and its certificate is checked."""

from __future__ import annotations

import re

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import never

SIGNED_IN = re.compile(r"^[a-z+]+://[^/@]+@")
SOURCES = ("source", "secondary_sources")


class CicdBuildSource(PlatformCheck):
    """No location has the form user:token@host, as Security Hub's CodeBuild.1 asks, and TLS is verified."""

    policy = "CKV_MLGOV_252"
    title = "CodeBuild source has no credentials in its address, and verifies TLS"
    control = "CICD-03"
    resources = ("aws_codebuild_project",)

    def judge(self, conf: Conf) -> Judgement:
        sources = [source for name in SOURCES for source in conf.blocks(name)]
        return holds(
            *(
                "source.location holds credentials: use a connection of CodeConnections"
                for source in sources
                if SIGNED_IN.match(str(source.value("location") or ""))
            ),
            *(never(source, "insecure_ssl", True) for source in sources),
        )


check = CicdBuildSource()
