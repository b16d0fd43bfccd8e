"""Templates of CloudFormation that a stack publishes as products of Service Catalog.

A template stands in the stack as the `content` of an S3 object, so that the hash of the stack covers it and what is
judged is what people launch. Which objects are templates the products say, by their URLs: one that leads to no such
object is a problem, never a template that nobody reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from policies.document import Conf, is_expression

# Of Service Catalog: what is no template of CloudFormation (Terraform's archives) is judged before it becomes one.
PRODUCTS = {
    "aws_servicecatalog_product": "provisioning_artifact_parameters",
    "aws_servicecatalog_provisioning_artifact": "",
}
TEMPLATE = "CLOUD_FORMATION_TEMPLATE"
Json = dict[str, Any]


class TemplateError(ValueError):
    """What a product launches cannot be judged. `address` is the block to look at."""

    def __init__(self, address: str, message: str) -> None:
        super().__init__(message)
        self.address = address


@dataclass(frozen=True, slots=True)
class Template:
    """One template: the address of its S3 object, its key there, and its body with functions in their long form.

    `lines` are those of the resources in the template's own text, from 1.
    """

    address: str
    key: str
    body: Json
    lines: Mapping[str, int]

    def resources(self) -> Iterator[tuple[str, str, Json]]:
        """Logical id, type and the whole block of every resource."""
        for name, block in self.body["Resources"].items():
            yield name, block["Type"], block

    def where(self, name: str) -> str:
        """The resource in words: file, line, logical id and type."""
        return f"{self.key}:{self.lines[name]} {name} ({self.body['Resources'][name]['Type']})"


def published(document: Mapping[str, Any], *, planned: bool) -> Iterator[Template | TemplateError]:
    """Every template that products of the document launch, and an error for each that cannot be read.

    `planned` says that the document is of a plan: there texts are as Terraform writes them, and nothing is escaped.
    """
    objects = [
        Conf(body, f"aws_s3_object.{name}")
        for name, body in document.get("resource", {}).get("aws_s3_object", {}).items()
    ]
    seen = set()
    for address, url in _urls(document):
        found = [each for each in objects if _is_at(each, url)]
        if len(found) != 1:
            yield TemplateError(address, f"{url!r} is the address of no single S3 object of this stack with a content")
        elif found[0].address not in seen:
            seen.add(found[0].address)
            yield _template(found[0], planned=planned)


def _urls(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for kind, nested in PRODUCTS.items():
        for name, body in document.get("resource", {}).get(kind, {}).items():
            conf = Conf(body, f"{kind}.{name}")
            for block in conf.at(nested):
                if block.value("type") in (None, TEMPLATE):
                    yield conf.address, str(block.value("template_url"))


def _is_at(held: Conf, url: str) -> bool:
    key = held.value("key")
    return isinstance(key, str) and not is_expression(key) and url.endswith(f"/{key}")


def _template(held: Conf, *, planned: bool) -> Template | TemplateError:
    content, key = held.value("content"), str(held.value("key"))
    if not isinstance(content, str) or (not planned and is_expression(content)):
        return TemplateError(held.address, f"{key}: the template must stand in the stack, as literal content")
    text = content.replace("$${", "${").replace("%%{", "%{")
    try:
        return read(held.address, key, text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return TemplateError(held.address, f"{key} is no template of CloudFormation: {error}")


def read(address: str, key: str, text: str) -> Template:
    """The template in `text`. Raises ValueError or YAMLError when it is none, or has no resources."""
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        body = loader.construct_document(root) if root else None
    finally:
        loader.dispose()
    if not isinstance(root, yaml.MappingNode) or not isinstance(body, dict):
        raise ValueError("it is no mapping")
    resources = body.get("Resources")
    if not isinstance(resources, dict) or not resources:
        raise ValueError("it has no Resources")
    for name, block in resources.items():
        if not isinstance(block, dict) or not isinstance(block.get("Type"), str):
            raise ValueError(f"the resource {name} has no Type")
        if not isinstance(block.get("Properties", {}), dict):
            raise ValueError(f"the Properties of {name} are no mapping")
    return Template(address, key, body, _lines(root))


def _lines(root: yaml.MappingNode) -> dict[str, int]:
    (resources,) = (value for key, value in root.value if key.value == "Resources")
    return {key.value: key.start_mark.line + 1 for key, _ in resources.value}


def of(subject: Conf) -> Template:
    """The template that `StackDocument.templates` gave as a subject."""
    template: Template = subject.body["template"]
    return template


def pinned(parameter: Mapping[str, Any]) -> bool:
    """Whether nobody has a choice: the template allows one value."""
    return len(parameter.get("AllowedValues", ())) == 1


def is_function(value: Any) -> bool:
    """Whether CloudFormation computes the value."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    (name,) = value
    return name == "Ref" or str(name).startswith("Fn::")


class _Loader(yaml.SafeLoader):
    """YAML of CloudFormation: short functions become long ones, a key that stands twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise ValueError(f"line {key.start_mark.line + 1}: the key {key.value} stands twice")
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _function(loader: _Loader, suffix: str, node: yaml.Node) -> Json:
    value: Any = None
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _function)
# A version is a text to CloudFormation, and no date.
_Loader.add_constructor("tag:yaml.org,2002:timestamp", yaml.SafeLoader.construct_yaml_str)  # type: ignore[type-var]  # as of types-PyYAML
