"""Every form of statement, condition and border that IAM knows, in one organisation, and requests that try each."""

from __future__ import annotations

from collections.abc import Iterator

from policies.access.model import Access
from tests.policies.access.organisation import Organisation, account, allow, deny, policy, role_arn, trust
from tests.policies.access.simulator import Request, context

CONDITIONS = (
    {"StringEquals": {"aws:RequestTag/team": "a"}},
    {"StringNotEquals": {"aws:RequestTag/team": "a"}},
    {"StringEqualsIfExists": {"aws:RequestTag/team": ["a", "b"]}},
    {"StringNotEqualsIfExists": {"aws:RequestTag/team": "a"}},
    {"StringEqualsIgnoreCase": {"aws:RequestTag/team": "A"}},
    {"StringLike": {"aws:RequestTag/team": "a*"}},
    {"StringNotLike": {"aws:RequestTag/team": ["a*", "c"]}},
    {"StringEquals": {"aws:RequestTag/team": "$${aws:PrincipalTag/team}"}},
    {"Null": {"aws:RequestTag/team": "true"}},
    {"Null": {"aws:RequestTag/team": "false"}},
    {"Bool": {"aws:SecureTransport": "false"}},
    {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}},
    {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "192.0.2.1"]}},
    {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
    {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}},
    {"NumericGreaterThanEquals": {"aws:MultiFactorAuthAge": "3600"}},
    {"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}},
    {"DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}},
    {"ForAllValues:StringEquals": {"aws:TagKeys": ["team", "cost"]}},
    {"ForAnyValue:StringEquals": {"aws:TagKeys": ["team", "cost"]}},
    {"ForAnyValue:StringNotLike": {"aws:TagKeys": ["t*"]}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/condition-*"}},
    {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/condition-*"}},
    {"StringEquals": {"aws:RequestTag/team": "a"}, "Bool": {"aws:SecureTransport": "true"}},
)
CONTEXTS: tuple[dict[str, str], ...] = (
    {},
    {"aws__RequestTag/team": "a"},
    {"aws__RequestTag/team": "ab", "aws__PrincipalTag/team": "ab"},
    {"aws__RequestTag/team": "c", "aws__SecureTransport": "false", "aws__TagKeys": "team"},
    {"aws__MultiFactorAuthPresent": "false", "aws__MultiFactorAuthAge": "7200", "aws__SourceIp": "10.1.2.3"},
    {"aws__MultiFactorAuthPresent": "true", "aws__MultiFactorAuthAge": "60", "aws__SourceIp": "192.0.2.1"},
    {"aws__CurrentTime": "2025-06-01T00:00:00Z", "aws__SourceIp": "198.51.100.7", "aws__TagKeys": "other"},
    {"aws__CurrentTime": "2026-06-01T00:00:00Z"},
)
QUEUE = "arn:aws:sqs:eu-west-1:{}:some"


def forms() -> Access:
    """The organisation."""
    made = Organisation()
    for index, condition in enumerate(CONDITIONS):
        made.role("dev", f"condition-allow-{index}", allow("sqs:*", Condition=condition))
        made.role("dev", f"condition-deny-{index}", allow("sqs:*"), deny("sqs:SendMessage", Condition=condition))
    made.own_policy("dev", "ceiling", allow(["sqs:*", "s3:Get*"]), deny("sqs:DeleteQueue"))
    made.role("dev", "but-actions", {"Effect": "Allow", "NotAction": ["sqs:Send*", "s3:*"], "Resource": "*"})
    made.role("dev", "but-resources", {"Effect": "Allow", "Action": "*", "NotResource": ["arn:aws:sqs:*:*:some"]})
    made.role("dev", "spared", allow("*"), {"Effect": "Deny", "Action": "s3:*", "NotResource": "arn:aws:s3:::shared/*"})
    made.role("dev", "bounded", allow(["sqs:*", "s3:*"]), boundary="ceiling")
    made.role("dev", "nothing")
    made.role("dev", "nothing-bounded", boundary="ceiling")
    made.role("dev", "wide", allow("*"))
    made.role("prod", "wide", allow("*"))
    made.role("prod", "nothing")
    made.role("management", "wide", allow("*"))
    made.role("vault", "trusts-dev", trusts=trust(f"arn:aws:iam::{account('dev')}:root"))
    made.role("dev", "trusts-one", trusts=trust(role_arn("dev", "nothing")))
    everybody = {"AWS": "*"}
    of_dev = {"AWS": f"arn:aws:iam::{account('dev')}:root"}
    itself = {"AWS": [role_arn("dev", name) for name in ("nothing", "nothing-bounded", "wide")]}
    s3 = ["arn:aws:s3:::{}", "arn:aws:s3:::{}/*"]
    for name, statements in {
        "shared": [allow("s3:GetObject", _in(s3, "shared"), Principal=of_dev)],
        "named": [allow("s3:*", _in(s3, "named"), Principal=itself)],
        "public": [allow("s3:GetObject", _in(s3, "public"), Principal=everybody)],
        "closed": [
            allow("s3:*", _in(s3, "closed"), Principal=everybody),
            deny("s3:PutObject", _in(s3, "closed"), Principal=everybody),
        ],
        "plain": [],
    }.items():
        made.bucket("vault", name, *statements)
        made.bucket("dev", f"dev-{name}", *[{**one, "Resource": _in(s3, f"dev-{name}")} for one in statements])
    own_root = {"AWS": f"arn:aws:iam::{account('dev')}:root"}
    made.add("dev", "aws_kms_key", "delegated", {"policy": policy(allow("kms:*", Principal=own_root))})
    made.add("dev", "aws_kms_key", "direct", {"policy": policy(allow("kms:Decrypt", Principal=itself))})
    made.guardrail("outage", deny("sqs:PurgeQueue"), deny("s3:DeleteBucket", Condition=_UNLESS_WIDE), unit="production")
    made.guardrail(
        "perimeter",
        deny("s3:GetObject", Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}}),
        kind=_RCP,
    )
    return made.read()


_RCP = "RESOURCE_CONTROL_POLICY"
_UNLESS_WIDE = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/wide"}}


def _in(patterns: list[str], name: str) -> list[str]:
    return [pattern.format(name) for pattern in patterns]


def form_requests(found: Access) -> Iterator[Request]:
    """Conditions under every context; the other principals on every resource with a policy."""
    for principal in found.principals:
        if "condition-" in principal.name:
            for more in CONTEXTS:
                told = context(found, principal, "dev", **more)
                yield Request(principal, "sqs:SendMessage", QUEUE.format("dev"), "dev", told)
            continue
        own = principal.account
        for action in ("sqs:SendMessage", "sqs:PurgeQueue", "sqs:DeleteQueue"):
            for queue in (QUEUE, "arn:aws:sqs:eu-west-1:{}:other"):
                yield Request(principal, action, queue.format(own), own, context(found, principal, own))
        for target in found.targets:
            for action, part in _ON[target.service]:
                for secure in ("true", "false"):
                    told = context(found, principal, target.account, aws__SecureTransport=secure)
                    yield Request(principal, action, target.arns[0] + part, target.account, told, target)


_ON = {
    "s3": (("s3:GetObject", "/x"), ("s3:PutObject", "/x"), ("s3:DeleteBucket", "")),
    "kms": (("kms:Decrypt", ""), ("kms:PutKeyPolicy", "")),
    "sts": (("sts:AssumeRole", ""),),
}
