"""A small catalogue and its coverage, beside the inputs of `conftest`: each state of a point stands somewhere."""

from __future__ import annotations

from datetime import date
from typing import Any

from policies.catalogue import Catalogue, Control, Kind, References
from policies.coverage import ControlCoverage, Coverage, Point
from policies.report.data import collect
from policies.report.model import ReportData
from policies.report.plans import NO_PLANS, Plans

Json = dict[str, Any]

# id, severity, objective, references, policies, reasons for missing points
CONTROLS: tuple[tuple[str, str, str, Json, list[str], Json], ...] = (
    (
        "DATA-02",
        "LOW",
        "Buckets are encrypted",
        {"nist_800_53": ["SC-28", "AC-10"]},
        ["CKV_AWS_145"],
        {"preventive": "S3 encrypts anyway", "detective": "not needed"},
    ),
    (
        "DATA-03",
        "HIGH",
        "Data travels over TLS only",
        {"nist_800_53": ["AC-2", "SC-8"], "proposed": {"eu_ai_act": ["Art. 15"]}},
        ["CKV_MLGOV_1"],
        {},
    ),
    (
        "KMS-02",
        "HIGH",
        "Keys rotate",
        {"nist_800_53": ["AC-2"], "iso_27001": ["A.8.24"]},
        ["CKV_MLGOV_2"],
        {"detective": "the gate sees every key"},
    ),
    (
        "LOG-04",
        "MEDIUM",
        "Logs are kept",
        {"nist_800_53": ["AU-11", "AC-2(1)"]},
        ["CKV_MLGOV_7"],
        {"preventive": "no key", "detective": "no rule"},
    ),
    (
        "NET-07",
        "HIGH",
        "Buckets answer to expected networks",
        {"nist_800_53": ["AC-17"]},
        [],
        {"detective": "no rule", "proactive": "not in Terraform"},
    ),
    (
        "SM-10",
        "MEDIUM",
        "A space is its owner's",
        {"nist_800_53": ["AC-3"]},
        [],
        {"preventive": "proved nowhere", "detective": "no rule", "proactive": "no resource"},
    ),
)


def catalogue(added: str = "") -> Catalogue:
    """The controls above, with `added` at the end of every free text."""
    return Catalogue(
        {
            id_: Control.model_construct(
                id=id_,
                objective=objective + added,
                severity=severity,
                owner="ml-platform-administrator" + added,
                rationale=f"Why {id_}." + added,
                remediation=f"Mend {id_}." + added,
                references=References.model_validate(references),
                policies=policies,
                missing={kind: reason + added for kind, reason in missing.items()},
            )
            for id_, severity, objective, references, policies, missing in CONTROLS
        }
    )


def coverage(manifest: Json, added: str = "") -> Coverage:
    """What would be measured: DATA-03 everywhere but on the management account, KMS-02 and NET-07 not denied."""
    accounts = tuple(sorted(account["name"] for account in manifest["organization"]["accounts"]))
    bound = tuple(sorted(a["name"] for a in manifest["organization"]["accounts"] if "management" not in a["roles"]))

    def point(kind: Kind, name: str, reach: tuple[str, ...], carriers: tuple[str, ...], reason: str = "") -> Point:
        state = "missing" if reason else "carried" if carriers else "unused"
        return Point(kind=kind, name=name, state=state, carriers=carriers, accounts=reach, reason=reason)

    guardrails = ("management-organization/aws_organizations_policy.deny" + added,)
    everywhere = tuple(f"{stack['id']}/aws_s3_bucket.b" for stack in manifest["stacks"])
    points: dict[str, tuple[Point, ...]] = {
        "DATA-02": (point("proactive", "CKV_AWS_145", (), ()),),
        "DATA-03": (
            point("preventive", "scp" + added, bound, guardrails),
            point("detective", "TLS" + added, accounts, ("management-trail/aws_config_rule.tls" + added,)),
            point("proactive", "CKV_MLGOV_1", accounts, everywhere),
        ),
        "KMS-02": (
            point("preventive", "scp", (), (), "no attached document holds it" + added),
            point("proactive", "CKV_MLGOV_2", accounts, everywhere),
        ),
        "LOG-04": (point("proactive", "CKV_MLGOV_7", accounts, everywhere),),
        "NET-07": (point("preventive", "scp", (), (), "no attached document holds it"),),
        "SM-10": (),
    }
    return Coverage(
        organization=manifest["organization"]["name"],
        accounts=accounts,
        bound=bound,
        controls=tuple(
            ControlCoverage(
                id=id_, objective=objective, severity=severity, points=points[id_] if accounts else (), missing=missing
            )
            for id_, severity, objective, _, _, missing in CONTROLS
        ),
    )


def collected(
    manifest: Json,
    verdict: Json | None,
    apply: Json | None,
    plan: Json | None,
    today: date,
    *,
    plans: Plans = NO_PLANS,
    added: str = "",
) -> ReportData:
    """The report's data over this catalogue."""
    return collect(
        manifest,
        verdict,
        apply,
        plan,
        today,
        coverage=coverage(manifest, added),
        catalogue=catalogue(added),
        plans=plans,
    )
