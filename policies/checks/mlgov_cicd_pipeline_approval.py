"""A person approves before anything reaches production."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument

# What changes something; a Source, a Test or an Approval does not.
ACTING = ("Build", "Compute", "Deploy", "Invoke")
PRODUCTION = re.compile(r"(^|[^a-z])prod", re.I)
Place = tuple[int, int]


class CicdPipelineApproval(StackCheck):
    """An action of category Approval runs before the first release to production, in an earlier stage or step.

    A release is a Deploy action in a stack of production, or of no environment that it tells; elsewhere an action
    that changes something, of which the stage, the action itself or the role names production.
    """

    policy = "CKV_MLGOV_258"
    title = "CodePipeline waits for an approval before production"
    control = "CICD-06"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_codepipeline")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        production = stack.environment in ("prod", None)
        steps = list(_steps(subject))
        releases = [step for step in steps if _releases(step[1], step[2], production=production)]
        approvals = [place for place, _, action in steps if action.literal("category") == "Approval"]
        if not releases:
            return NOT_APPLICABLE
        return holds(
            *(
                f"action {action.value('name')} of stage {stage} comes before any Approval"
                for place, stage, action in releases
                if not any(approval < place for approval in approvals)
            )
        )


def _steps(pipeline: Conf) -> Iterator[tuple[Place, str, Conf]]:
    """Each action with its place, which is that of its stage and its run order within it, and the stage's name."""
    for number, stage in enumerate(pipeline.blocks("stage")):
        for action in stage.blocks("action"):
            yield (number, action.number("run_order") or 1), str(stage.literal("name")), action


def _releases(stage: str, action: Conf, *, production: bool) -> bool:
    category = action.literal("category")
    said = (stage, action.literal("name"), action.value("role_arn"))
    return (production and category == "Deploy") or (
        category in ACTING and any(PRODUCTION.search(str(text)) for text in said if text)
    )


check = CicdPipelineApproval()
