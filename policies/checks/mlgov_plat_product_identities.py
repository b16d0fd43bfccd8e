"""What people launch makes no rights and runs no code."""

from __future__ import annotations

import re
from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.template import of

# Who launches it would hold the rights; and code, or a template from elsewhere, was judged by nobody.
REFUSED = re.compile(
    r"AWS::(IAM|SSO|IdentityStore|Organizations|RAM)::.*|Custom::.*"
    r"|AWS::CloudFormation::(CustomResource|Macro|Stack|StackSet|ModuleDefaultVersion)|AWS::Lambda::Permission"
)


class PlatProductIdentities(StackCheck):
    """No resource is an identity, a share, code of CloudFormation or a template from elsewhere; no macro is used."""

    policy = "CKV_MLGOV_455"
    title = "Product of Service Catalog makes no identity and runs no code in CloudFormation"
    control = "PLAT-05"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.templates()

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        template = of(subject)
        return holds(
            *(
                f"{template.where(name)} is refused"
                for name, kind, _ in template.resources()
                if REFUSED.fullmatch(kind)
            ),
            "Transform rewrites the template before it is launched" if "Transform" in template.body else None,
        )


check = PlatProductIdentities()
