"""The version of a model that is served, as its parameter says when Terraform runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from cdktf import Fn, TerraformCount, TerraformResource, TerraformResourceLifecycle, Token
from cdktf_cdktf_provider_aws.data_aws_ssm_parameter import DataAwsSsmParameter
from constructs import Construct

from modules.core.naming import Naming
from modules.ml_operations import names
from modules.ml_operations.layout import NO_VERSION

# Part of every name that is made of what it stands for. AWS changes neither models nor configurations: where this
# code comes to render one otherwise, a greater number makes new ones beside the old.
SHAPE = 1


class ModelVersion(Construct):
    """The parameter `names.version_parameter`, and what stands only while it names a version.

    `text` is the parameter's value; `served` the condition of Terraform that it names a version.

    Guarantees:
    - while no version is named nothing of it stands, and the stack can be applied;
    - a name that is made by `name` is new whenever the parameter is set, so that a release that goes back to what was
      before never meets what was left of it.
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, project: str) -> None:
        super().__init__(scope, id_)
        parameter = DataAwsSsmParameter(self, "parameter", name=names.version_parameter(naming, project))
        self._address = f"data.aws_ssm_parameter.{parameter.friendly_unique_id}"
        self._naming, self._project = naming, project
        self.text = f"${{{self._address}.insecure_value}}"
        self.served = f'jsondecode({self._address}.insecure_value).model_package_arn != "{NO_VERSION}"'

    def value(self, what: Literal["model_package_arn", "version", "files", "passport"]) -> str:
        """A value of the parameter."""
        return f"${{jsondecode({self._address}.insecure_value).{what}}}"

    @property
    def columns(self) -> str:
        """The expression for the names of what the model is asked by."""
        return f"try(jsondecode({self._address}.insecure_value).columns, [])"

    def has_baseline(self, kind: str) -> str:
        """The condition that a version is named, and has baselines of this kind of monitor."""
        return f'({self.served}) && contains(jsondecode({self._address}.insecure_value).baselines, "{kind}")'

    def count(self, condition: str | None = None) -> TerraformCount:
        """One where the condition holds, `served` if none is given; else none."""
        return TerraformCount.of(Token.as_number(f"${{({condition or self.served}) ? 1 : 0}}"))

    def name(self, *made_of: str | Sequence[str]) -> str:
        """A name in SageMaker for what is of this version, and `made_of` nothing else."""
        # Nested templates: cdktf's functions would take references in text for text.
        text = "|".join((str(SHAPE), *map(_text, made_of)))
        digest = f'${{substr(sha256("{text}"), 0, 6)}}'
        endpoint = names.endpoint(self._naming, self._project)
        return f"{endpoint}--{self.value('version')}-${{{self._address}.version}}-{digest}"

    @property
    def tags(self) -> dict[str, str]:
        """Which version it is, and by which passport it came to production."""
        return {
            "Project": self._project,
            "ModelPackage": self.value("model_package_arn"),
            "ModelVersion": self.value("version"),
            "Passport": self.value("passport"),
        }


def one(resource: TerraformResource, attribute: str) -> str:
    """A reference to an attribute of what stands by `count`: cdktf writes none with an index."""
    return f"${{{resource.terraform_resource_type}.{resource.friendly_unique_id}[0].{attribute}}}"


def _text(value: str | Sequence[str]) -> str:
    if isinstance(value, str):
        return value
    known = list(value)
    joined: str = Fn.join(",", known) if Token.is_unresolved(known) else ",".join(known)
    return joined


NEW_FIRST = TerraformResourceLifecycle(create_before_destroy=True)
