"""Guard rules, of AWS Config and of the hook, are judged by the real Guard engine."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from guardpycfn import validate_with_guard

from policies.catalogue import shipped
from policies.detective import GUARD, Detective
from policies.hook import Hook, guard_text

CONTROLS = list(shipped().controls.values())
POINTS = {point.guard: point for control in CONTROLS for point in control.detective if point.guard}
NOTEBOOK = "AWS::SageMaker::NotebookInstance"
SOUND_NOTEBOOK = {"DirectInternetAccess": "Disabled", "SubnetId": "s", "RootAccess": "Disabled", "KmsKeyId": "k"}
CAPTURE = {"EnableCapture": True, "KmsKeyId": "k", "CaptureOptions": [{"CaptureMode": "InputAndOutput"}]}
HALF = [{"CaptureMode": "Input"}]
METADATA = "InstanceMetadataServiceConfiguration"


def docker(access: str) -> dict[str, Any]:
    return {"DomainSettings": {"DockerSettings": {"EnableDockerAccess": access}}}


def hidden(apps: list[str]) -> dict[str, Any]:
    return {"DefaultUserSettings": {"StudioWebPortalSettings": {"HiddenAppTypes": apps}}}


def idle(*apps: str) -> dict[str, Any]:
    on = {"AppLifecycleManagement": {"IdleSettings": {"LifecycleManagement": "ENABLED"}}}
    return {f"{app}AppSettings": on for app in apps}


CASES: tuple[tuple[str, dict[str, Any], bool], ...] = (
    ("glue-job-protected", {"SecurityConfiguration": "s", "Connections": {"Connections": ["vpc"]}}, True),
    ("glue-job-protected", {"SecurityConfiguration": "s", "Connections": {"Connections": []}}, False),
    ("glue-job-protected", {"Connections": {"Connections": ["vpc"]}}, False),
    ("sagemaker-domain-canvas", hidden(["Canvas"]), True),
    ("sagemaker-domain-canvas", hidden(["JupyterServer"]), False),
    ("sagemaker-domain-canvas", {}, False),
    ("sagemaker-domain-docker", {}, True),
    ("sagemaker-domain-docker", docker("DISABLED"), True),
    ("sagemaker-domain-docker", docker("ENABLED"), False),
    ("sagemaker-domain-identity-center", {"AuthMode": "SSO"}, True),
    ("sagemaker-domain-identity-center", {"AuthMode": "IAM"}, False),
    ("sagemaker-domain-idle", {"DefaultUserSettings": idle("JupyterLab", "CodeEditor")}, True),
    ("sagemaker-domain-idle", {"DefaultUserSettings": idle("JupyterLab")}, False),
    ("sagemaker-domain-idle", {}, False),
    ("sagemaker-domain-key", {"KmsKeyId": "k"}, True),
    ("sagemaker-domain-key", {"KmsKeyId": ""}, False),
    ("sagemaker-domain-key", {}, False),
    ("sagemaker-domain-sharing", {"DefaultUserSettings": {}}, True),
    (
        "sagemaker-domain-sharing",
        {"DefaultUserSettings": {"SharingSettings": {"NotebookOutputOption": "Disabled"}}},
        True,
    ),
    (
        "sagemaker-domain-sharing",
        {"DefaultUserSettings": {"SharingSettings": {"NotebookOutputOption": "Allowed"}}},
        False,
    ),
    ("sagemaker-endpoint-capture", {"DataCaptureConfig": CAPTURE}, True),
    ("sagemaker-endpoint-capture", {"DataCaptureConfig": CAPTURE | {"EnableCapture": False}}, False),
    (
        "sagemaker-endpoint-capture",
        {"DataCaptureConfig": CAPTURE | {"CaptureOptions": [{"CaptureMode": "Input"}]}},
        False,
    ),
    ("sagemaker-endpoint-capture", {}, False),
    ("sagemaker-endpoint-core-dumps", {"ProductionVariants": [{"VariantName": "v"}]}, True),
    ("sagemaker-endpoint-core-dumps", {"ProductionVariants": [{"CoreDumpConfig": {"KmsKeyId": "k"}}]}, True),
    ("sagemaker-endpoint-core-dumps", {"ProductionVariants": [{"CoreDumpConfig": {"DestinationS3Uri": "s"}}]}, False),
    ("sagemaker-endpoint-no-shell", {"ProductionVariants": [{"VariantName": "v"}]}, True),
    ("sagemaker-endpoint-no-shell", {"ProductionVariants": [{"EnableSSMAccess": False}]}, True),
    ("sagemaker-endpoint-no-shell", {"ProductionVariants": [{"EnableSSMAccess": True}]}, False),
    ("sagemaker-notebook-metadata", {METADATA: {"MinimumInstanceMetadataServiceVersion": "2"}}, True),
    ("sagemaker-notebook-metadata", {METADATA: {"MinimumInstanceMetadataServiceVersion": "1"}}, False),
    ("sagemaker-notebook-metadata", {}, False),
)


def judged(document: dict[str, Any], rules: str) -> str:
    """What the engine says, as text."""
    answer = validate_with_guard(json.dumps(document), rules)
    assert answer["success"], answer
    return json.dumps(answer["result"])


@pytest.mark.parametrize(("name", "configuration", "passes"), CASES)
def test_a_rule_of_ours_judges_what_config_recorded(name: str, configuration: dict[str, Any], passes: bool) -> None:
    """A configuration item as AWS Config writes it passes or fails by its configuration."""
    item = {"resourceType": POINTS[name].types[0], "configuration": configuration}
    said = judged(item, (GUARD / f"{name}.guard").read_text(encoding="utf-8"))
    assert ('"FAIL"' not in said) == passes, said


def test_every_rule_of_ours_has_a_case_each_way() -> None:
    """Each Guard file is proven by an item that passes and one that fails."""
    assert {(name, passes) for name, _, passes in CASES} == {(name, way) for name in POINTS for way in (True, False)}


@pytest.mark.parametrize("point", POINTS.values(), ids=lambda point: str(point.guard))
def test_a_rule_of_ours_speaks_of_the_type_it_is_asked_about(point: Detective) -> None:
    """The type stands in the text, braces are in pairs, each rule says what to do, and AWS takes its length."""
    text = (GUARD / f"{point.guard}.guard").read_text(encoding="utf-8")
    assert re.findall(r'resourceType == "([^"]+)"', text) == point.types
    assert text.count("{") == text.count("}")
    assert text.count("<<") == text.count(">>") >= 1
    assert len(text) <= 10_000


def refused_by(resources: dict[str, Any]) -> set[str]:
    """The controls whose hook refuses these resources, or this template."""
    return set(re.findall(r"(SM-\d\d): ", judged({"Resources": resources}, guard_text(CONTROLS))))


def test_the_hook_refuses_a_notebook_that_is_open() -> None:
    """A notebook with the defaults of AWS breaks every control about notebooks; one of ours breaks none."""
    assert refused_by({"N": {"ResourceType": NOTEBOOK, "ResourceProperties": {}}}) == {
        "SM-15",
        "SM-16",
        "SM-17",
        "SM-18",
    }
    assert refused_by({"N": {"ResourceType": NOTEBOOK, "ResourceProperties": SOUND_NOTEBOOK}}) == set()
    assert refused_by({"B": {"ResourceType": "AWS::S3::Bucket", "ResourceProperties": {}}}) == set()


def test_the_hook_takes_a_function_in_a_template_for_later() -> None:
    """A template may say a value by a function; a wrong literal is refused."""
    by_function = SOUND_NOTEBOOK | {"DirectInternetAccess": {"Ref": "Access"}}
    assert refused_by({"N": {"Type": NOTEBOOK, "Properties": by_function}}) == set()
    wrong = SOUND_NOTEBOOK | {"DirectInternetAccess": "Enabled"}
    assert refused_by({"N": {"Type": NOTEBOOK, "Properties": wrong}}) == {"SM-15"}


def test_the_hook_judges_resources_and_templates_alike() -> None:
    """Every hook of the catalogue has a rule for either input, with its control's remediation."""
    text = guard_text(CONTROLS)
    hooks = [(control, hook) for control in CONTROLS for hook in control.hook]
    assert len(hooks) >= 10
    assert len(re.findall(r"^rule ", text, re.M)) == 2 * len(hooks)
    for control, hook in hooks:
        assert text.count(f'"{hook.type}"') >= 2
        assert f"<<{control.id}: {control.objective}. {control.remediation}>>" in text


@pytest.mark.parametrize("hook", [{"type": "S3", "property": "X"}, {"type": NOTEBOOK, "property": "x y"}])
def test_a_hook_with_a_fault_is_refused(hook: dict[str, str]) -> None:
    """Type and property have the forms of CloudFormation."""
    with pytest.raises(ValueError, match="String should match pattern"):
        Hook.model_validate(hook)
