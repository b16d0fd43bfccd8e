"""The control catalogue as an OSCAL component definition: what of NIST SP 800-53 each control of ours implements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from policies.catalogue import FRAMEWORKS, Catalogue, Control
from policies.report.oscal.common import NIST_800_53, Json, digest, id_of, line, metadata, nist_id, props


def definition(catalogue: Catalogue, today: date) -> Json:
    """The document's content. A control is a component; each clause of NIST's that it serves a requirement of it."""
    controls = [control for _, control in sorted(catalogue.controls.items())]
    content = [control.model_dump(mode="json") for control in controls]
    document: Json = {
        "uuid": id_of("component-definition", digest(content), today),
        "metadata": metadata("Controls of mlgov", today),
    }
    if controls:
        document["components"] = [_component(control) for control in controls]
    return document


def requirement_id(control: str, clause: str) -> str:
    """The id of what a control of ours implements of a clause."""
    return id_of("requirement", control, clause)


def _component(control: Control) -> Json:
    component: Json = {
        "uuid": id_of("control", control.id),
        "type": "policy",
        "title": line(f"{control.id}: {control.objective}"),
        "description": control.rationale,
        "props": props(
            [
                ("control", control.id),
                ("severity", control.severity),
                ("owner", control.owner),
                ("remediation", control.remediation),
                *_references(control),
                *((f"no-{kind}", reason) for kind, reason in sorted(control.missing.items())),
            ]
        ),
    }
    if control.references.nist_800_53:
        component["control-implementations"] = [
            {
                "uuid": id_of("implementation", control.id),
                "source": NIST_800_53,
                "description": f"What {control.id} implements of {FRAMEWORKS['nist_800_53']}.",
                "implemented-requirements": [
                    {
                        "uuid": requirement_id(control.id, clause),
                        "control-id": nist_id(clause),
                        "description": control.objective,
                        "props": props([("control", control.id), *_points(control)]),
                    }
                    for clause in control.references.nist_800_53
                ],
            }
        ]
    return component


def _references(control: Control) -> Iterator[tuple[str, str]]:
    """Clauses of the frameworks that have no OSCAL catalogue; those that are only proposed say so."""
    for framework in FRAMEWORKS:
        if framework != "nist_800_53":
            for clause in getattr(control.references, framework):
                yield framework.replace("_", "-"), clause
    for framework, clauses in control.references.proposed:
        for clause in clauses:
            yield f"proposed-{framework.replace('_', '-')}", clause


def _points(control: Control) -> Iterator[tuple[str, str]]:
    """Each point of enforcement: guardrail, rule of AWS Config, CloudFormation hook, policy of the gate."""
    for denial in control.preventive.statements if control.preventive else ():
        assert control.preventive is not None
        actions = ", ".join(denial.actions) or f"all but {', '.join(denial.not_actions)}"
        yield "preventive", f"{denial.kind} from level {control.preventive.level}: {actions}"
    for rule in control.detective:
        yield "detective", rule.name
    for hook in control.hook:
        yield "hook", f"{hook.type} {hook.property}"
    for policy in control.policies:
        yield "proactive", policy
