"""What the launch role of each product may do in a team's account, and no more. No cdktf here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.ml_platform.names import Product


@dataclass(frozen=True, slots=True)
class LaunchScope:
    """Where a product is launched: `naming` of the dev account, and the names of the teams that work in it."""

    naming: Naming
    teams: tuple[str, ...]


# What CloudFormation does in the name of the launch role, per product; the stack itself is in `launch_role.py`.
PERMISSIONS: Mapping[Product, Callable[[LaunchScope], tuple[Statement, ...]]] = {}
