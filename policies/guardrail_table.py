"""What the guardrails of each level take of their quota, as a table to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policies.catalogue import Control
from policies.guardrails import Document, Inputs, Quota, left_out, render
from policies.preventive import LEVELS, Kind

_PLATFORM = tuple(
    f"arn:aws-us-gov:iam::*:role/{name}"
    for name in (
        "a" * 20 + "-*-mlgov-apply",
        "a" * 20 + "-*-mlgov-plan",
        "a" * 20 + "-org-repair",
        "AWSControlTowerExecution",
        "OrganizationAccountAccessRole",
    )
)
_PEOPLE = "arn:aws-us-gov:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_mlgov-"
# The longest names and the lists of a large organisation: a real one has more characters free.
EXAMPLE = Inputs(
    partition="aws-us-gov",
    organization="a" * 20,
    regions=("us-gov-east-1", "us-gov-west-1"),
    exempt={
        "platform": _PLATFORM,
        "stewards": (*_PLATFORM, f"{_PEOPLE}data-lake-administrator_*"),
        "launchers": (*_PLATFORM, "arn:aws-us-gov:iam::*:role/" + "a" * 20 + "-dev-launch-*"),
        "deployers": (
            *_PLATFORM,
            *(f"arn:aws-us-gov:iam::*:role/{'a' * 20}-{env}-deploy--*" for env in ("prod", "test")),
        ),
        "approvers": (f"{_PEOPLE}ml-team-lead_*",),
    },
    approved_vpcs=tuple(f"vpc-{number:017x}" for number in range(4)),
    approved_subnets=tuple(f"subnet-{number:017x}" for number in range(12)),
    corporate_networks=("198.51.100.0/24", "203.0.113.0/24"),
    image_accounts=("763104351884",),
    bedrock_models=("amazon.*", "anthropic.*"),
)
DEFAULT_QUOTA: Mapping[Kind, Quota] = {"scp": Quota(10_240, 10, 3), "rcp": Quota(5_120, 5, 1)}


def documents(
    controls: Iterable[Control], inputs: Inputs = EXAMPLE, quota: Mapping[Kind, Quota] = DEFAULT_QUOTA
) -> list[Document]:
    """The documents of all levels, from the loosest."""
    chosen = tuple(controls)
    return [document for level in LEVELS for document in render(level, controls=chosen, inputs=inputs, quota=quota)]


def table(controls: Iterable[Control], inputs: Inputs = EXAMPLE, quota: Mapping[Kind, Quota] = DEFAULT_QUOTA) -> str:
    """One line a document: its key, its controls, its characters and those free; then what is left out, and why."""
    chosen = tuple(controls)
    lines = [f"{'document':<20} {'controls':>8} {'characters':>10} {'free':>6}"]
    for document in documents(chosen, inputs, quota):
        numbers = f"{len(document.controls):>8} {len(document.content):>10} {document.free:>6}"
        lines.append(f"{document.key:<20} {numbers}")
    for control, names in left_out(chosen, inputs).items():
        lines.append(f"{control}: a statement is left out, as {', '.join(names)} is empty")
    return "\n".join(lines) + "\n"
