"""Queries that are kept in a workgroup for whoever works there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.athena_named_query import AthenaNamedQuery
from constructs import Construct

from modules.core.naming import Naming
from modules.data_lake.queries import Query

_NAME_LIMIT = 128  # of Athena; the name is shown and nothing refers to it, so its end may go


class NamedQueries(Construct):
    """`queries` in the workgroup `what`; `databases` is what each database is called in this catalogue.

    `after` is what must be there before: the workgroup, where it stands in the same stack.

    Guarantees: each query can be run as it stands, in the database that it is about.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        queries: Iterable[Query],
        databases: Mapping[str, str],
        after: Sequence[ITerraformDependable] = (),
    ) -> None:
        super().__init__(scope, id_)
        for query in queries:
            AthenaNamedQuery(
                self,
                query.name,
                name=query.name[:_NAME_LIMIT],
                description=query.description,
                workgroup=naming.name(what),
                database=databases[query.database],
                query=query.sql,
                depends_on=list(after) or None,
            )
