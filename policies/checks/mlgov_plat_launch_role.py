"""A product is launched under a role of its own, not with the rights of whoever launches it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from policies.checks.base import PASSED, Judgement, StackCheck, failed
from policies.document import Conf, StackDocument
from policies.iam import parsed


class PlatLaunchRole(StackCheck):
    """Each product in a portfolio has a launch constraint in the stack, which names the role of the launching account.

    A LocalRoleName is looked up where the product is launched; a RoleArn is of one account, so in every other the
    launch would act across accounts, or fail. Without a constraint people need all the rights that the product needs.
    """

    policy = "CKV_MLGOV_402"
    title = "Service Catalog product is launched under a local role"
    control = "PLAT-05"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_servicecatalog_product_portfolio_association")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        both = ("portfolio_id", "product_id")
        launches = [
            constraint
            for constraint in stack.resources("aws_servicecatalog_constraint")
            if constraint.literal("type") == "LAUNCH"
            and all(constraint.value(name) == subject.value(name) for name in both)
        ]
        if not launches:
            return failed("no aws_servicecatalog_constraint of type LAUNCH is for this product in this portfolio")
        parameters = parsed(launches[0], "parameters")
        if isinstance(parameters, Mapping) and parameters.get("LocalRoleName"):
            return PASSED
        return failed(f"parameters of {launches[0].address} are {json.dumps(parameters)}, without a LocalRoleName")


check = PlatLaunchRole()
