"""The template of a conformance pack: rules, and the repairs offered for what they find. No cdktf here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modules.core.errors import ConfigError
from modules.foundations.config.rules import GUARD_RUNTIME, ON_CHANGE, Rule

# https://docs.aws.amazon.com/config/latest/developerguide/configlimits.html
TEMPLATE_LIMIT = 51_200
RULE_LIMIT = 130


@dataclass(frozen=True, slots=True)
class OfferedRepair:
    """A repair as a pack names it: the type it is made for, and the Systems Manager document of every account."""

    resource_type: str
    document: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A conformance pack. `repairs` are by name; a rule without one among them offers none."""

    key: str
    rules: Sequence[Rule]
    repairs: Mapping[str, OfferedRepair]

    @property
    def inputs(self) -> Mapping[str, str]:
        """The pack's input parameters with their values: every parameter of every rule."""
        return {_parameter(rule, name): value for rule in self.rules for name, value in sorted(rule.parameters.items())}

    @property
    def template(self) -> str:
        """The template as minified JSON. Raises ConfigError when it is larger than AWS takes."""
        document: dict[str, Any] = {}
        if self.inputs:
            document["Parameters"] = {name: {"Type": "String"} for name in self.inputs}
        document["Resources"] = dict(self._resources())
        text = json.dumps(document, separators=(",", ":"))
        if len(text) > TEMPLATE_LIMIT or len(self.rules) > RULE_LIMIT:
            raise ConfigError(
                f"conformance pack {self.key}: {len(text)} characters and {len(self.rules)} rules, AWS takes "
                f"{TEMPLATE_LIMIT} and {RULE_LIMIT}: leave rules out by foundations.config.areas or without"
            )
        return text

    def _resources(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for rule in self.rules:
            logical = _camel(rule.name)
            yield logical, {"Type": "AWS::Config::ConfigRule", "Properties": _rule(rule)}
            if rule.repair is not None and rule.repair in self.repairs:
                yield f"{logical}Repair", _repair(logical, rule, self.repairs[rule.repair])


def _rule(rule: Rule) -> dict[str, Any]:
    body: dict[str, Any] = {"ConfigRuleName": rule.name, "Description": rule.description[:256]}
    if rule.parameters:
        body["InputParameters"] = {name: {"Ref": _parameter(rule, name)} for name in sorted(rule.parameters)}
    if rule.identifier is not None:
        return body | {"Source": {"Owner": "AWS", "SourceIdentifier": rule.identifier}}
    return body | {
        "Scope": {"ComplianceResourceTypes": list(rule.types)},
        "Source": {
            "Owner": "CUSTOM_POLICY",
            "CustomPolicyDetails": {"PolicyRuntime": GUARD_RUNTIME, "PolicyText": rule.policy},
            "SourceDetails": [{"EventSource": "aws.config", "MessageType": ON_CHANGE}],
        },
    }


def _repair(logical: str, rule: Rule, repair: OfferedRepair) -> dict[str, Any]:
    return {
        "Type": "AWS::Config::RemediationConfiguration",
        "DependsOn": logical,
        "Properties": {
            "ConfigRuleName": rule.name,
            "ResourceType": repair.resource_type,
            "TargetType": "SSM_DOCUMENT",
            "TargetId": repair.document,
            "Automatic": False,
            "Parameters": {"ResourceId": {"ResourceValue": {"Value": "RESOURCE_ID"}}},
        },
    }


def _parameter(rule: Rule, name: str) -> str:
    return f"{_camel(rule.name)}{name[0].upper()}{name[1:]}"


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))
