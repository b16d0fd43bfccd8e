"""Artefacts of a pipeline are under a key of ours in every region."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import given


class CicdPipelineKey(PlatformCheck):
    """Each artefact store names its key, those of further regions too, which checkov's CKV_AWS_219 does not read.

    Left out, CodePipeline takes a key that AWS manages, and that no other account can use.
    """

    policy = "CKV_MLGOV_257"
    title = "CodePipeline encrypts every artefact store under a named KMS key"
    control = "CICD-05"
    resources = ("aws_codepipeline",)

    def judge(self, conf: Conf) -> Judgement:
        stores = conf.blocks("artifact_store") or [Conf({})]
        return holds(*(given(store, "encryption_key.id") for store in stores))


check = CicdPipelineKey()
