"""How Terraform writes what SageMaker runs: settings of Studio, containers of models, variants of endpoints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from policies.document import Conf, StackDocument, Unprovable, is_expression
from policies.expectation import Problem
from policies.limits import limits

STUDIO = ("aws_sagemaker_domain", "aws_sagemaker_user_profile", "aws_sagemaker_space", "aws_sagemaker_app")
CONTAINERS = ("primary_container", "container")
VARIANTS = ("production_variants", "shadow_production_variants")
# Types with local NVMe disks, which the hardware encrypts: SageMaker refuses them a key of ours.
LOCAL_DISKS = ("ml.*d.*", "ml.*dn.*", "ml.p4de.*", "ml.g5.*", "ml.g6*.*", "ml.p5*.*", "ml.trn*.*")

_SETTINGS = ("default_user_settings", "default_space_settings", "user_settings", "space_settings")
_APPS = (
    "code_editor_app_settings",
    "jupyter_lab_app_settings",
    "jupyter_server_app_settings",
    "kernel_gateway_app_settings",
    "r_session_app_settings",
    "tensor_board_app_settings",
)
_RSTUDIO = "domain_settings.r_studio_server_pro_domain_settings"


def settings(conf: Conf) -> Iterator[tuple[str, Conf]]:
    """The settings of each kind of app with their path, of a domain, a user profile or a space."""
    for path in (f"{outer}.{app}" for outer in _SETTINGS for app in _APPS):
        yield from ((path, block) for block in conf.at(path))


def specs(conf: Conf) -> Iterator[tuple[str, Conf]]:
    """What apps of Studio start on, with its path: of a domain, a user profile, a space or an app."""
    for path in ("resource_spec", f"{_RSTUDIO}.default_resource_spec"):
        yield from ((path, block) for block in conf.at(path))
    for path, block in settings(conf):
        yield from ((f"{path}.default_resource_spec", spec) for spec in block.blocks("default_resource_spec"))


def containers(conf: Conf) -> Iterator[tuple[str, Conf]]:
    """The containers of a model, with their path."""
    for path in CONTAINERS:
        yield from ((path, block) for block in conf.blocks(path))


def variants(conf: Conf) -> Iterator[tuple[str, Conf]]:
    """The variants of an endpoint configuration, shadows too, with their path."""
    for path in VARIANTS:
        yield from ((path, block) for block in conf.blocks(path))


def on_local_disks(instance_type: object) -> bool:
    """Whether instances of the type keep data on local disks; no for an expression, so that a key is asked for."""
    return any(fnmatchcase(str(instance_type), glob) for glob in LOCAL_DISKS)


def in_production(stack: StackDocument) -> bool:
    """Whether the stack is of production. Raises Unprovable where no tag says of which environment it is."""
    if stack.environment is None:
        raise Unprovable("provider.aws.default_tags.tags.Environment", None)
    return stack.environment == "prod"


def refers(value: object, *types: str) -> bool:
    """Whether the value is an attribute of a resource of the types, in this stack."""
    return any(re.fullmatch(rf"\$\{{{type_}\.[\w-]+(\[[^]]*\])?\.\w+\}}", str(value)) for type_ in types)


def named(value: object, resource: Conf) -> bool:
    """Whether the value names the resource of this stack: by reference, or by its literal name, as a plan knows it.

    One of several by `count` is referred to by its index.
    """
    reference = re.compile(rf"\$\{{{re.escape(resource.address)}(\[\d+\])?\.(name|id)\}}")
    return value is not None and (reference.fullmatch(str(value)) is not None or value == resource.value("name"))


def ours(path: str, value: object, *types: str, also: tuple[str, ...] = ()) -> Problem:
    """The value names something of the organisation's, by name, ARN or reference to a resource of the `types`.

    What it names is what follows the last `/`; a name is the organisation's by `own_names` of the limits, or by the
    globs of `also`. Raises Unprovable where an expression stands for the name.
    """
    if refers(value, *types):
        return None
    name = str(value).rpartition("/")[2]
    if is_expression(name):
        raise Unprovable(path, value)
    globs = (*limits().own_names, *also)
    known = any(fnmatchcase(name, glob) for glob in globs)
    return None if known else f"{path} is {value}, not among {', '.join(globs)}"


def in_bucket_of_ours(conf: Conf, path: str) -> Problem:
    """The attribute is an S3 URI in a bucket of the organisation's: one of this stack, or one with a name of ours.

    Raises Unprovable where an expression stands for the start of the bucket's name.
    """
    outer, _, name = path.rpartition(".")
    for block in conf.at(outer) or [Conf({})]:
        found = block.value(name)
        if found in (None, ""):
            return f"{path} is not set, so AWS chooses the bucket"
        bucket = str(found).removeprefix("s3://").partition("/")[0]
        if re.fullmatch(r"\$\{aws_s3_bucket(_policy)?\.[\w-]+\.(id|bucket)\}", bucket):
            continue
        if is_expression(bucket[:2]):
            raise Unprovable(path, found)
        if not any(fnmatchcase(bucket, glob) for glob in limits().own_names):
            return f"{path} is {found}, not in a bucket named {' or '.join(limits().own_names)}"
    return None
