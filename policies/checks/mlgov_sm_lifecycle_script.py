"""Scripts of Studio and of notebook instances run only what was reviewed with them."""

from __future__ import annotations

import base64
import re

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import Problem

SCRIPTS = ("studio_lifecycle_config_content", "on_create", "on_start")
LOADER = r"(?:curl|wget)\b"
SHELL = r"(?:sudo\s+)?(?:\S*/)?(?:ba|da|z)?sh\b"
DOWNLOADED = re.compile(rf"{LOADER}[^\n]*\|\s*{SHELL}|{SHELL}[^\n]*(?:<\(|\$\(|`)\s*{LOADER}")


class SmLifecycleScript(PlatformCheck):
    """Each script can be read here, and hands nothing that it downloads to a shell.

    A script is base64 text; what is none, or an expression, was reviewed by nobody.
    """

    policy = "CKV_MLGOV_163"
    title = "SageMaker lifecycle script is readable and runs nothing that it downloads"
    control = "SM-08"
    resources = ("aws_sagemaker_studio_lifecycle_config", "aws_sagemaker_notebook_instance_lifecycle_configuration")

    def judge(self, conf: Conf) -> Judgement:
        return holds(*(_problem(conf, name) for name in SCRIPTS if conf.given(name)))


def _problem(conf: Conf, name: str) -> Problem:
    try:
        script = base64.b64decode(str(conf.literal(name)), validate=True).decode("utf-8")
    except ValueError:
        return f"{name} is not the base64 of a text"
    found = DOWNLOADED.search(script)
    return f"{name} runs what it downloads: {found[0]}" if found else None


check = SmLifecycleScript()
