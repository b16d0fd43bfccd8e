"""Bedrock is built on approved models alone."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from policies.checks.base import Judgement, PlatformCheck, failed, holds
from policies.document import Conf, Unprovable, is_expression
from policies.expectation import Problem
from policies.limits import limits
from policies.sagemaker import refers

NAMES = ("foundation_model", "base_model_identifier", "model_arn")
MADE_HERE = ("aws_bedrock_custom_model", "aws_bedrock_inference_profile")
MODEL = re.compile(
    r"(?:.*:(?:foundation-model|inference-profile|custom-model)/)?(?:(?:us|us-gov|eu|apac|global)\.)?([^/]+)(?:/.*)?"
)


class BrModels(PlatformCheck):
    """Each model that is named is on the list of the limits, by its id or by an ARN of it.

    An inference profile of the account is judged where it is made.
    """

    policy = "CKV_MLGOV_200"
    title = "Bedrock resource is built on an approved foundation model"
    control = "BR-01"
    resources = (
        "aws_bedrockagent_agent",
        "aws_bedrock_custom_model",
        "aws_bedrock_inference_profile",
        "aws_bedrock_provisioned_model_throughput",
    )

    def judge(self, conf: Conf) -> Judgement:
        named = [(name, conf.value(name)) for name in NAMES if conf.given(name)]
        named += [("model_source.copy_from", source.value("copy_from")) for source in conf.blocks("model_source")]
        return holds(*(_problem(name, model) for name, model in named)) if named else failed("no model is named")


def _problem(path: str, model: object) -> Problem:
    if refers(model, *MADE_HERE) or ":application-inference-profile/" in str(model):
        return None
    found = MODEL.fullmatch(str(model))
    name = found[1] if found else str(model)
    if is_expression(name):
        raise Unprovable(path, model)
    globs = limits().bedrock_models
    known = any(fnmatchcase(name, glob) for glob in globs)
    return None if known else f"{path} is {model}, not among {', '.join(globs)}"


check = BrModels()
