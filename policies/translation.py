"""A resource of CloudFormation in the words of Terraform, so that one policy judges both.

The provider's arguments are the properties in snake case, but for the few in `TYPES`. What a function gives is an
expression, as in Terraform, and policies that need a literal fail it. What people may choose is judged at every value
that the template allows, and at both bounds of a number: `choices` gives a resource once for each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from policies.template import Json, Template, is_function

_EDGES = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PLACES = re.compile(r"\$\{([^}!]+)\}")
# The second policy knows no `RetainExceptOnCreate`.
KEPT = {"DeletionPolicy": ("Retain", "RetainExceptOnCreate"), "UpdateReplacePolicy": ("Retain",)}


@dataclass(frozen=True, slots=True)
class Words:
    """A type: what Terraform calls it, and properties that it calls otherwise.

    `outer` are those that it calls otherwise at the resource itself alone. `verbatim` are properties whose keys are
    data. `documents` hold policies, which Terraform has as JSON text.
    """

    type: str
    renamed: Mapping[str, str] = field(default_factory=dict)
    outer: Mapping[str, str] = field(default_factory=dict)
    verbatim: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


TYPES: Mapping[str, Words] = {
    "AWS::Athena::WorkGroup": Words(
        "aws_athena_workgroup",
        {
            "EnforceWorkGroupConfiguration": "enforce_workgroup_configuration",
            "KmsKey": "kms_key_arn",
            "PublishCloudWatchMetricsEnabled": "publish_cloudwatch_metrics_enabled",
            "WorkGroupConfiguration": "configuration",
        },
    ),
    "AWS::CodeBuild::Project": Words(
        "aws_codebuild_project",
        {
            "BuildSpec": "buildspec",
            "CloudWatchLogs": "cloudwatch_logs",
            "EnvironmentVariables": "environment_variable",
            "InsecureSsl": "insecure_ssl",
        },
    ),
    "AWS::CodePipeline::Pipeline": Words(
        "aws_codepipeline", {"Actions": "action", "Stages": "stage"}, verbatim=("Configuration",)
    ),
    "AWS::KMS::Key": Words(
        "aws_kms_key",
        {"KeyPolicy": "policy", "PendingWindowInDays": "deletion_window_in_days"},
        documents=("KeyPolicy",),
    ),
    "AWS::S3::BucketPolicy": Words("aws_s3_bucket_policy", {"PolicyDocument": "policy"}, documents=("PolicyDocument",)),
    "AWS::SageMaker::Domain": Words("aws_sagemaker_domain"),
    "AWS::SageMaker::Endpoint": Words("aws_sagemaker_endpoint"),
    "AWS::SageMaker::EndpointConfig": Words("aws_sagemaker_endpoint_configuration", outer={"KmsKeyId": "kms_key_arn"}),
    "AWS::SageMaker::MlflowTrackingServer": Words("aws_sagemaker_mlflow_tracking_server"),
    "AWS::SageMaker::Model": Words("aws_sagemaker_model", {"Containers": "container"}),
    "AWS::SageMaker::ModelPackageGroup": Words("aws_sagemaker_model_package_group"),
    "AWS::SageMaker::UserProfile": Words("aws_sagemaker_user_profile"),
}
# What references to other types become: only that they are resources of the template counts.
_OTHERS = {"AWS::S3::Bucket": "aws_s3_bucket", "AWS::CodeCommit::Repository": "aws_codecommit_repository"}


def translated(template: Template, name: str) -> Iterator[Json]:
    """The resource in Terraform's words, once for each choice. None for a type that is not in `TYPES`."""
    block = template.body["Resources"][name]
    words = TYPES.get(block["Type"])
    if words is None:
        return
    kept = all(block.get(policy) in good for policy, good in KEPT.items())
    for chosen in _choices(template.body, block):
        reader = _Reader(template.body, words, chosen)
        properties = block.get("Properties", {})
        inner = {name: value for name, value in properties.items() if name not in words.outer}
        named = {
            words.outer[name]: next(iter(reader.block({name: value}).values()))
            for name, value in properties.items()
            if name in words.outer
        }
        yield {**reader.block(inner), **named, "lifecycle": {"prevent_destroy": kept}}


def _choices(body: Json, block: Json) -> Iterator[Mapping[str, Any]]:
    """Values of parameters: each of those that the resource names is varied by itself, the others have their first."""
    parameters, named = body.get("Parameters", {}), set(_named(block))
    values = {name: found for name in sorted(named & parameters.keys()) if (found := _values(parameters[name]))}
    first = {name: found[0] for name, found in values.items()}
    yield first
    for name, found in values.items():
        for value in found[1:]:
            yield {**first, name: value}


def _values(parameter: Mapping[str, Any]) -> list[Any]:
    """What the parameter may be; nothing where that is not known here, as with one that Systems Manager holds."""
    if parameter.get("Type") not in ("Number", "String"):
        return []
    if allowed := parameter.get("AllowedValues"):
        return list(allowed)
    bounds = [parameter[bound] for bound in ("MinValue", "MaxValue") if bound in parameter]
    return bounds if len(bounds) == 2 else []


def _named(value: Any) -> Iterator[str]:
    """Every name that stands in a function of the value."""
    if isinstance(value, Mapping):
        for key, child in value.items():
            if key == "Ref":
                yield str(child)
            elif key == "Fn::Sub":
                yield from _PLACES.findall(child if isinstance(child, str) else child[0])
            yield from _named(child)
    elif isinstance(value, list):
        for child in value:
            yield from _named(child)


class _Reader:
    def __init__(self, body: Json, words: Words, chosen: Mapping[str, Any]) -> None:
        self._body, self._words, self._chosen = body, words, chosen

    def block(self, properties: Mapping[str, Any]) -> Json:
        found: Json = {}
        for name, value in properties.items():
            if name == "Tags":
                found["tags"] = self._tags(value)
            elif name == "ActionTypeId":
                found |= self.block(value)
            elif name in self._words.documents:
                found[self._words.renamed[name]] = json.dumps(self._value(value, verbatim=True))
            else:
                verbatim = name in self._words.verbatim
                found[self._words.renamed.get(name, _EDGES.sub("_", name).lower())] = self._value(value, verbatim)
        return found

    def _value(self, value: Any, verbatim: bool = False) -> Any:
        if isinstance(value, list):
            return [self._value(each, verbatim) for child in value for each in _branches(child)]
        if not isinstance(value, Mapping):
            return value
        if is_function(value):
            ((key, argument),) = value.items()
            return self._function(key, argument)
        if verbatim:
            return {key: self._value(child, verbatim) for key, child in value.items()}
        return self.block(value)

    def _function(self, key: str, argument: Any) -> Any:
        if key == "Ref":
            return self._chosen.get(argument, f"${{{self._reference(argument, 'id')}}}")
        if key == "Fn::GetAtt":
            return f"${{{self._reference(argument[0], _EDGES.sub('_', argument[1]).lower())}}}"
        if key == "Fn::Sub":
            text = argument if isinstance(argument, str) else argument[0]
            return _PLACES.sub(lambda place: str(self._place(place[1])), text)
        if key == "Fn::FindInMap":
            first, second, third = (self._value(part) for part in argument)
            found = self._body.get("Mappings", {}).get(first, {}).get(second, {})
            return found.get(str(third), "${local.mapping}")
        return "${local.function}"  # what another function gives is not known here

    def _place(self, name: str) -> Any:
        if "." in name:
            resource, _, attribute = name.partition(".")
            return self._function("Fn::GetAtt", [resource, attribute])
        return self._function("Ref", name)

    def _reference(self, name: str, attribute: str) -> str:
        block = self._body["Resources"].get(name)
        if block is None:
            return f"var.{name.replace('::', '_')}"
        kind = TYPES[block["Type"]].type if block["Type"] in TYPES else _OTHERS.get(block["Type"], "aws_resource")
        return f"{kind}.{name}.{attribute}"

    def _tags(self, value: Any) -> Json:
        if isinstance(value, list):
            return {tag["Key"]: self._value(tag["Value"]) for tag in value}
        return {key: self._value(child) for key, child in value.items()}


def _branches(value: Any) -> list[Any]:
    """Both ways of a condition in a list: whichever holds, it must be good."""
    if isinstance(value, Mapping) and "Fn::If" in value:
        return [each for each in value["Fn::If"][1:] if each != {"Ref": "AWS::NoValue"}]
    return [value]
