"""What people may type into a product is bounded."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.template import of

TEXTS = ("String", "CommaDelimitedList")
BOUNDS = ("AllowedPattern", "AllowedValues")


class PlatProductParameters(StackCheck):
    """A text has a pattern or a list of values: it becomes part of names, ARNs and documents."""

    policy = "CKV_MLGOV_459"
    title = "Product of Service Catalog bounds what people type"
    control = "PLAT-05"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.templates()

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        template = of(subject)
        return holds(
            *(
                f"{template.key}: the parameter {name} has neither {' nor '.join(BOUNDS)}"
                for name, parameter in template.body.get("Parameters", {}).items()
                if parameter.get("Type") in TEXTS and not any(bound in parameter for bound in BOUNDS)
            )
        )


check = PlatProductParameters()
