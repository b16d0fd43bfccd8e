"""Verdicts without a scan, for what is done with findings."""

from __future__ import annotations

from datetime import date

from policies.record import Outcome
from policies.verdict import Counts, Finding, StackVerdict, Verdict, WaiverUse


def finding(name: str, outcome: Outcome = Outcome.FAILED, *, policy: str = "CKV_AWS_18") -> Finding:
    """A judgement on the bucket of this name."""
    use = WaiverUse(reason="r", ticket="SEC-7", owner="o", approver="p", expires=date(2027, 1, 31))
    return Finding(
        stack="a", address=f"aws_s3_bucket.{name}", path=f"a/{name}/bucket", line=1, policy=policy, title="t",
        control=None, severity=None, outcome=outcome, message="m", remediation=None,
        waiver=use if outcome is Outcome.WAIVED else None,
    )  # fmt: skip


def verdict(*findings: Finding) -> Verdict:
    """A verdict of these findings."""
    stack = StackVerdict(sha256="0" * 64, file="a/cdk.tf.json", passed=False, counts=Counts(), valid_until=None)
    return Verdict(
        passed=False, valid_until=None, policy_digest="", checkov_version="", stacks={"a": stack}, findings=findings,
        unjudged=(), faults=(),
    )  # fmt: skip


FAILED = verdict(
    finding("logs"),
    finding("logs", policy="CKV_AWS_145"),
    finding("open", Outcome.PASSED),
    finding("state"),
    finding("state", Outcome.WAIVED, policy="CKV_AWS_145"),
)
