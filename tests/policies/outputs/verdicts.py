"""Verdicts that every format must be able to say: all outcomes, all kinds of fault, texts of bad will, thousands."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from typing import Any

from policies.record import Form, GateFault, Outcome
from policies.verdict import Counts, DueWaiver, Finding, StackVerdict, Verdict, WaiverUse

TODAY = date(2026, 11, 23)

# What a name, a message or a waiver may hold to get markup, a link, a formula or a mention into a report.
HOSTILE = (
    "=HYPERLINK(0)",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\uff1d1+1",
    '"; DROP\r\nrow,two',
    "<script>alert(1)</script><img src=x onerror=y>",
    "]]></failure><error/> &amp; & \"'",
    "[link](https://evil.example) ![image](https://evil.example/x.png) https://evil.example",
    "` `` </code> **bold** | cell | # head\n\n# heading\n- item @someone #1",
    "nul \x00 bell \x07 escape \x1b del \x7f",
    "\u202eright to left \ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "{0} ${aws_kms_key.k.arn} %SRCROOT% \\",
    "</details></summary><!-- comment",
    "x" * 5_000,
    "",
)

WAIVER = WaiverUse(
    reason="mirrored <elsewhere> & checked",
    ticket="OPS-7",
    owner="ops@example.com",
    approver="risk@example.com",
    expires=date(2027, 1, 31),
)
DUE = DueWaiver(
    **WAIVER.model_dump(exclude={"expires"}),
    expires=date(2026, 12, 4),
    where="waivers.yaml:9",
    policies=("CKV_AWS_18", "CKV_AWS_145"),
    resource="a-trail/*",
    days_left=11,
)
FAULTS = (
    GateFault(kind="policy-not-loaded", policy="CKV_MLGOV_9", message="SyntaxError"),
    GateFault(kind="waiver-expired", policy="CKV_AWS_18", resource="a/*", message="waivers.yaml:3 expired"),
    GateFault(kind="policy-raised", stack="a-trail", policy="CKV_MLGOV_9", resource="aws_x.y", message="KeyError: 'x'"),
    GateFault(kind="stack-missing", stack="not-there", message="stacks/not-there/cdk.tf.json cannot be read"),
)


def finding(outcome: Outcome, address: str = "aws_x.y", **changes: Any) -> Finding:
    """A finding of a policy of ours in the stack `a-trail`."""
    wrong = outcome in (Outcome.FAILED, Outcome.WAIVED)
    body: dict[str, Any] = {
        "stack": "a-trail",
        "address": address,
        "path": f"a-trail/trail/{address}",
        "line": 12,
        "policy": "CKV_MLGOV_7",
        "title": "Log groups are encrypted and keep for a time",
        "control": "LOG-03",
        "severity": "MEDIUM",
        "outcome": outcome,
        "message": "retention is not set" if wrong else "",
        "remediation": "Set retention_in_days." if wrong else None,
        "waiver": WAIVER if outcome is Outcome.WAIVED else None,
    }
    return Finding(**(body | changes))


def verdict(
    findings: list[Finding],
    *,
    faults: tuple[GateFault, ...] = (),
    form: Form = "stack",
    due: tuple[DueWaiver, ...] = (),
) -> Verdict:
    """The verdict of these findings, with counts as the gate makes them."""
    stacks = {}
    for name in sorted({"a-trail", *(one.stack for one in findings)}):
        counts = Counter(one.outcome.value for one in findings if one.stack == name)
        stacks[name] = StackVerdict(
            sha256="a" * 64,
            form=form,
            file=f"cdktf.out/stacks/{name}/cdk.tf.json",
            passed=not counts["failed"] and not any(fault.stack == name for fault in faults),
            counts=Counts(**counts),
            valid_until=WAIVER.expires if counts["waived"] else None,
        )
    return Verdict(
        passed=not faults and all(stack.passed for stack in stacks.values()),
        valid_until=WAIVER.expires if any(one.waiver for one in findings) else None,
        policy_digest="d" * 64,
        checkov_version="3.3.30",
        waivers_sha256="b" * 64,
        due=due,
        stacks=stacks,
        findings=tuple(one for one in findings if one.outcome is not Outcome.UNJUDGED),
        unjudged=tuple(one for one in findings if one.outcome is Outcome.UNJUDGED),
        faults=faults,
    )


def everything() -> Verdict:
    """One of each: every outcome, severity and kind of fault; policies without control; what is no construct."""
    found = [finding(outcome, f"aws_x.{outcome.value}") for outcome in Outcome]
    found += [
        finding(Outcome.FAILED, policy=f"CKV_MLGOV_{number}", severity=severity)
        for number, severity in enumerate(("CRITICAL", "HIGH", "LOW"), start=10)
    ]
    bare: dict[str, Any] = {"control": None, "severity": None, "remediation": None, "path": None, "line": 1}
    found.append(finding(Outcome.FAILED, "provider.aws", policy="CKV_AWS_41", **bare))
    found.append(finding(Outcome.WAIVED, "provider.aws", policy="CKV_AWS_18", stack="b-data lake", **bare))
    return verdict(found, faults=FAULTS, due=(DUE,))


def hostile() -> Verdict:
    """Each text of bad will in each place that a stack, a waiver or a fault can put one."""
    found, faults, due = [], [], []
    for text in HOSTILE:
        address = f"aws_x.{text}"
        found.append(finding(Outcome.FAILED, address, message=text, path=text, title=text or "t", remediation=text))
        use = WAIVER.model_copy(update={"reason": text, "ticket": text, "owner": text, "approver": text})
        found.append(finding(Outcome.WAIVED, address, message=text, waiver=use))
        found.append(finding(Outcome.PASSED, text, path=text))
        faults.append(GateFault(kind="policy-raised", stack="a-trail", policy=text, resource=text, message=text))
        due.append(DUE.model_copy(update={"where": text, "resource": text, "owner": text, "policies": (text,)}))
    return verdict(found, faults=tuple(faults), due=tuple(due))


def many(seed: int, size: int) -> Verdict:
    """A verdict of so many findings in many stacks and policies, with long texts of bad will, drawn by the seed."""
    chance = random.Random(seed)
    texts = [*HOSTILE, "\U0001f600" * 4_000, "`" * 700, "&<>\"'" * 500]

    def text() -> str:
        return " ".join(chance.choices(texts, k=chance.randint(1, 3)))

    found = [
        finding(
            chance.choice((Outcome.FAILED, Outcome.FAILED, Outcome.WAIVED)),
            f"aws_x.{text()}",
            stack=f"stack-{chance.randrange(300)}",
            policy=f"CKV_MLGOV_{chance.randrange(150)}",
            severity=chance.choice(("CRITICAL", "HIGH", "MEDIUM", "LOW", None)),
            message=text(),
            title=text(),
            path=text(),
            remediation=text(),
        )
        for _ in range(size)
    ]
    faults = tuple(GateFault(kind="k", stack=f"stack-{index}", message=text()) for index in range(size // 10))
    due = tuple(DUE.model_copy(update={"reason": text(), "resource": text()}) for _ in range(size // 10))
    return verdict(found, faults=faults, due=due)
