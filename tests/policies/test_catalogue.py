"""The control catalogue is complete and strict: a policy's metadata stands in one place, and is right there."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from modules.foundations.personas import PLATFORM_PERSONAS, TEAM_PERSONAS
from policies import catalog_page
from policies.catalogue import OWN_POLICY, Catalogue, Owner, shipped
from policies.errors import GateError
from policies.isolation import PACKAGE

CONTROL = """\
- id: DATA-01
  objective: test
  severity: HIGH
  owner: cloud-administrator
  rationale: test
  remediation: test
  references: { security_hub: [S3.1] }
  policies: [CKV_MLGOV_5]
  missing: { preventive: test, detective: test }
"""
MISSING = "  missing: { preventive: test, detective: test }\n"
PREVENTIVE = CONTROL.replace(
    "missing: { preventive: test, detective: test }",
    "missing: { detective: test }\n"
    "  preventive: { level: strict, statements: [{ actions: ['s3:PutObject'], exempt: platform }] }",
)
WITH_RULES = CONTROL.replace(", detective: test", "")


def test_our_controls_have_policies_of_ours() -> None:
    """The shipped catalogue reads, and claims at least the first ten policies of ours."""
    catalogue = Catalogue.read(PACKAGE / "controls")
    own = [policy for policy in catalogue.policies if policy.startswith(OWN_POLICY)]
    assert len(own) >= 10
    control = catalogue.of("CKV_MLGOV_1")
    assert control is not None
    assert control.id == "DATA-03"
    assert catalogue.of("CKV_AWS_1") is None


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "DATA.yaml:0 must hold one list"),
        (CONTROL.replace("HIGH", "URGENT"), "DATA.yaml:1 severity"),
        (CONTROL.replace("DATA-01", "data-1"), "DATA.yaml:1 id"),
        (CONTROL.replace("DATA-01", "LOG-01"), "file of another area"),
        (CONTROL + "  colour: x\n", "DATA.yaml:1 colour"),
        (CONTROL.replace("cloud-administrator", "nobody"), "DATA.yaml:1 owner"),
        (CONTROL.replace("[CKV_MLGOV_5]", "[X]"), "DATA.yaml:1 policies"),
        (CONTROL.replace(MISSING, ""), "must have a preventive point, or missing.preventive with the reason"),
        (CONTROL.replace("detective: test", "proactive: test"), "must have a detective point, or missing.detective"),
        (CONTROL.replace("missing", "level"), "DATA.yaml:1 level"),
        (
            PREVENTIVE.replace("detective: test", "detective: test, preventive: test"),
            "has a preventive point and says in missing why it has none",
        ),
        (CONTROL.replace("[CKV_MLGOV_5]", "[]"), "must have a proactive point, or missing.proactive"),
        (PREVENTIVE.replace("strict", "loose"), "DATA.yaml:1 preventive.level"),
        (PREVENTIVE.replace("s3:PutObject", "PutObject"), "DATA.yaml:1 preventive.statements.0.actions.0"),
        (PREVENTIVE.replace("actions:", "not_actions: ['iam:*'], actions:"), "either actions or not_actions"),
        (PREVENTIVE.replace("actions:", "resources: [a], not_resources: [b], actions:"), "not both"),
        (PREVENTIVE.replace("'s3:PutObject'", "'*'").replace("exempt:", "kind: rcp, exempt:"), "refused by AWS"),
        (
            PREVENTIVE.replace("exempt: platform", "conditions: { ArnNotLike: { 'aws:PrincipalArn': x } }"),
            "the exempt roles stand in one place",
        ),
        (
            PREVENTIVE.replace(
                "exempt: platform", "conditions: { 'ForAnyValue:StringLikeIfExists': { 'sagemaker:InstanceTypes': x } }"
            ),
            "evaluators disagree",
        ),
        (CONTROL.replace("[S3.1]", "[]"), "DATA.yaml:1 references"),
        (CONTROL.replace("S3.1", "S3"), "DATA.yaml:1 references.security_hub"),
        (CONTROL + CONTROL, "DATA.yaml:10 DATA-01 stands twice"),
        (CONTROL + CONTROL.replace("DATA-01", "DATA-02"), "DATA.yaml:10 CKV_MLGOV_5 is claimed by DATA-01 already"),
        (
            WITH_RULES + "  detective: [{ managed: A_B, guard: x }]\n",
            "DATA.yaml:1 detective.0",
        ),
        (
            WITH_RULES + "  detective: [{ managed: A_B }, { managed: A_B }]\n",
            "DATA.yaml:1 a-b is claimed by DATA-01",
        ),
        (CONTROL + "  severity: LOW\n", "DATA.yaml:10 key severity stands twice"),
    ],
)
def test_a_catalogue_with_a_fault_is_refused(tmp_path: Path, content: str, says: str) -> None:
    """The error names file and line, and its exit code is the gate's."""
    (tmp_path / "DATA.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(GateError) as refused:
        Catalogue.read(tmp_path)
    assert says in str(refused.value)
    assert refused.value.exit_code == 3


def test_an_empty_catalogue_is_refused(tmp_path: Path) -> None:
    """Without controls there is nothing the gate could prove."""
    with pytest.raises(GateError, match="holds no control"):
        Catalogue.read(tmp_path)


def test_every_severe_control_has_a_preventive_point_or_says_why_not() -> None:
    """The shipped catalogue holds 60 preventive points or more, and a reason for each severe control without one."""
    controls = shipped().controls.values()
    severe = [control for control in controls if control.severity in ("CRITICAL", "HIGH")]
    assert sum(control.preventive is not None for control in severe) >= 60
    assert all({"preventive"} & {*control.points, *control.missing} for control in severe)


def test_the_page_of_the_catalogue_is_current(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """CATALOG.md is what the catalogue says now; `--check` tells a page of another day, with the command."""
    assert catalog_page.main(["--check"]) == 0, "run `python -m policies.catalog_page`"
    stale = tmp_path / "CATALOG.md"
    stale.write_text("# The control catalogue", encoding="utf-8")
    assert catalog_page.main(["--check"], stale) == 2
    assert "run `python -m policies.catalog_page`" in capsys.readouterr().err
    assert catalog_page.main([], stale) == 0
    assert catalog_page.main(["--check"], stale) == 0


def test_every_policy_of_ours_has_its_file_on_the_page() -> None:
    """The page links each own policy to the file that judges."""
    own = {policy for policy in shipped().policies if policy.startswith(OWN_POLICY)}
    assert own <= set(catalog_page.policy_files())


def test_owners_are_personas_of_the_platform() -> None:
    """Who answers for a control is a persona that has a permission set."""
    assert set(get_args(Owner)) <= {*TEAM_PERSONAS, *PLATFORM_PERSONAS}
