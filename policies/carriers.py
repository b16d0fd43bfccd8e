"""What in the stacks carries the points of controls: rules, standards, controls of Control Tower, hooks, policies.

Guardrails are found by `policies.attached`, what the gate judged by its verdict.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from policies.attached import many
from policies.reach import Json, Reach

_REFERENCE = re.compile(r"\$\{aws_\w+\.([\w-]+)\.\w+\}")
_CONTROL_TOWER = re.compile(r":control/(\w+)$")
_ORGANISATION_RULES = "aws_config_organization_"


@dataclass
class Carrying:
    """The resources that carry something (`<stack id>/<address>`), and the accounts that it reaches."""

    carriers: set[str] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)

    def add(self, carrier: str, accounts: frozenset[str] | set[str]) -> None:
        """One more carrier."""
        self.carriers.add(carrier)
        self.accounts |= accounts


class Index(dict[str, Carrying]):
    """Carriers by the name of what they carry."""

    def note(self, name: str, carrier: str, accounts: frozenset[str] | set[str]) -> None:
        """That the carrier carries what has this name."""
        self.setdefault(name, Carrying()).add(carrier, accounts)


@dataclass(frozen=True)
class Carriers:
    """All that the stacks carry.

    `rules` by every name and identifier that a resource of AWS Config, or a pack's template, mentions; `hub` by the ARN
    of a standard without its region, less what `hub_disabled` lists; `control_tower` by the opaque identifier;
    `hooks` by the text of the Guard rules; `declared` by type and dotted setting of an Organizations policy.
    """

    rules: Index
    hub: Index
    hub_disabled: Index
    control_tower: Index
    hooks: Index
    declared: Index

    @classmethod
    def of(cls, documents: Mapping[str, Json], reach: Reach) -> Carriers:
        """What the Terraform JSON of the stacks, by id, carries."""
        found = cls(Index(), Index(), Index(), Index(), Index(), Index())
        for stack, document in documents.items():
            for type_, named in document.get("resource", {}).items():
                for logical, body in named.items():
                    found._read(stack, f"{stack}/{type_}.{logical}", type_, body, reach)
            found._read_attached(stack, document.get("resource", {}), reach)
        return found

    def _read(self, stack: str, carrier: str, type_: str, body: Json, reach: Reach) -> None:
        own = {reach.of_stack(stack)}
        if type_.startswith("aws_config_"):
            accounts = set(reach.accounts) if type_.startswith(_ORGANISATION_RULES) else own
            for excluded in many(body.get("excluded_accounts")):
                accounts -= reach.target(str(excluded))
            for word in _words(body):
                self.rules.note(word, carrier, accounts)
        elif type_ == "aws_securityhub_standards_subscription":
            self.hub.note(_standard(body["standards_arn"]), carrier, own)
        elif type_ == "aws_controltower_control" and (control := _CONTROL_TOWER.search(body["control_identifier"])):
            unit = body["target_identifier"].rpartition("/")[2]
            self.control_tower.note(control[1], carrier, reach.target(unit))
        elif type_ == "aws_s3_object" and str(body.get("key", "")).endswith(".guard"):
            self.hooks.note(str(body.get("content", "")), carrier, own)

    def _read_attached(self, stack: str, resources: Json, reach: Reach) -> None:
        """Policies that say nothing themselves of whom they reach: an attachment of the same stack does."""
        targets = _targets(resources, "aws_securityhub_configuration_policy_association", reach)
        for logical, body in resources.get("aws_securityhub_configuration_policy", {}).items():
            carrier = f"{stack}/aws_securityhub_configuration_policy.{logical}"
            for policy in many(body.get("configuration_policy")):
                if policy.get("service_enabled") is True:
                    for arn in many(policy.get("enabled_standard_arns")):
                        self.hub.note(_standard(arn), carrier, targets.get(logical, set()))
                for settings in many(policy.get("security_controls_configuration")):
                    for control in many(settings.get("disabled_control_identifiers")):
                        self.hub_disabled.note(control, carrier, targets.get(logical, set()))
        targets = _targets(resources, "aws_organizations_policy_attachment", reach)
        for logical, body in resources.get("aws_organizations_policy", {}).items():
            for setting in _settings(json.loads(str(body["content"]).replace("$${", "${"))):
                carrier = f"{stack}/aws_organizations_policy.{logical}"
                if targets.get(logical):
                    self.declared.note(f"{body['type']} {setting}", carrier, targets[logical])


def _words(body: Json) -> set[str]:
    words = {str(body.get(key, "")) for key in ("name", "rule_identifier")}
    words |= {str(source.get("source_identifier", "")) for source in many(body.get("source"))}
    words |= set(re.findall(r"[\w-]+", body.get("template_body", "")))
    return words - {""}


def _standard(arn: str) -> str:
    """`aws-foundational-security-best-practices/v/1.0.0` of its ARN."""
    return arn.rpartition("standards/")[2]


def _targets(resources: Json, type_: str, reach: Reach) -> dict[str, set[str]]:
    """The accounts below all targets of each policy, by the policy's name."""
    found: dict[str, set[str]] = {}
    for attachment in resources.get(type_, {}).values():
        if policy := _REFERENCE.fullmatch(attachment["policy_id"]):
            found.setdefault(policy[1], set()).update(reach.target(attachment["target_id"]))
    return found


def _settings(value: Any, path: str = "") -> Iterator[str]:
    """The dotted paths of a policy's content, operators such as `@@assign` left out."""
    if isinstance(value, Mapping):
        for key, child in value.items():
            if not key.startswith("@@"):
                yield (inner := f"{path}.{key}" if path else key)
                yield from _settings(child, inner)
