"""What a team's roles are allowed for feature groups: IAM's half, beside the owner's shares and grants. No cdktf here.

https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-cross-account-access.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from modules.core.handshake import Edge, EdgeHolder
from modules.core.iam import Conditions, Statement
from modules.core.naming import Naming
from modules.feature_store.names import database, group_arn
from modules.feature_store.user import Level

_READ = ("BatchGetRecord", "DescribeFeatureGroup", "DescribeFeatureMetadata", "GetRecord")
_WRITE = (*_READ, "DeleteRecord", "PutRecord")
_ACTIONS: Mapping[Level, tuple[str, ...]] = {
    "read": _READ,
    "read_write": _WRITE,
    "admin": (*_WRITE, "UpdateFeatureGroup", "UpdateFeatureMetadata"),
}
_SIDS: Mapping[Level, str] = {"read": "Read", "read_write": "Write", "admin": "Manage"}
_LOOK = ("BatchGetPartition", "GetDatabase", "GetPartition", "GetPartitions", "GetTable", "GetTables")


def develops(naming: Naming, groups: Sequence[str], key_arn: str) -> Iterator[Statement]:
    """All that the team's roles do with the groups that it develops in the account of `naming`."""
    yield from _use("OwnFeatures", naming, dict.fromkeys(groups, "admin"), (key_arn,), {})


def finds(holder: EdgeHolder, edge: Edge | None) -> Iterator[Statement]:
    """Searching; whose groups are found the shares of their catalogues decide."""
    # `Search` has no resources in IAM.
    yield Statement("FindFeatures", actions=("sagemaker:ListResourceCatalogs", "sagemaker:Search"), resources=("*",))
    _rendered(holder, edge)


def uses(
    holder: EdgeHolder, edge: Edge | None, *, store: Naming, levels: Mapping[str, Level], key: str
) -> Iterator[Statement]:
    """The groups of the store in the account of `store`, each at its level. `key`: the purpose of the online key.

    SageMaker decrypts records as the caller. The key is named by its alias: its ARN is another stack's to know.
    """
    alias = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{store.name(key)}"}}
    yield from _use("CentralFeatures", store, levels, (store.arn("kms", "key/*"),), alias)
    _rendered(holder, edge)


def recalls(holder: EdgeHolder, edge: Edge | None, *, store: Naming) -> Iterator[Statement]:
    """Looking into the catalogue of the store; what is seen there Lake Formation decides."""
    found = ("catalog", f"database/{database()}", f"table/{database()}/*")
    yield Statement(
        "FindFeatureHistory",
        actions=tuple(f"glue:{verb}" for verb in _LOOK),
        resources=tuple(store.arn("glue", what) for what in found),
    )
    _rendered(holder, edge)


def _use(
    what: str, naming: Naming, levels: Mapping[str, Level], keys: Sequence[str], conditions: Conditions
) -> Iterator[Statement]:
    for level, actions in _ACTIONS.items():
        if groups := sorted(group for group, given in levels.items() if given == level):
            yield Statement(
                f"{_SIDS[level]}{what}",
                actions=tuple(f"sagemaker:{action}" for action in actions),
                resources=tuple(group_arn(naming, group) for group in groups),
            )
    through = {"kms:ViaService": f"sagemaker.{naming.region}.amazonaws.com"}
    yield Statement(
        f"Decrypt{what}",
        actions=("kms:Decrypt",),
        resources=keys,
        conditions={"StringEquals": through, **conditions},
    )


def _rendered(holder: EdgeHolder, edge: Edge | None) -> None:
    if edge is not None:
        edge.render(holder, "roles")
