"""Where the offline store is queried in its own account, and what is ready to be asked there."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.athena_named_query import AthenaNamedQuery
from constructs import Construct

from modules.core.naming import Naming
from modules.core.workgroup import Workgroup
from modules.feature_store.contract import FeaturesContract
from modules.feature_store.names import WORKGROUP
from modules.feature_store.settings import FeatureGroupSpec
from modules.feature_store.sql import OfflineTable, queries


class Queries(Construct):
    """The workgroup `<organisation>-<environment>-feature-queries`, with queries on each offline store.

    Guarantees:
    - the results, the key over them and the limit of a scan are the workgroup's, whatever a client says;
    - each query names the group's own table, and the columns of its spec alone.

    Controls: DATA-15 (FSBP Athena.4; NIST 800-53 SC-28).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        groups: Sequence[FeatureGroupSpec],
        features: FeaturesContract,
        scan_limit_gb: int,
        keep_results_days: int,
        key_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        workgroup = Workgroup(
            self,
            "workgroup",
            naming=naming,
            what=WORKGROUP,
            key_arn=key_arn,
            scan_limit_gb=scan_limit_gb,
            keep_results_days=keep_results_days,
        )
        for spec in groups:
            if not spec.offline:
                continue
            group = spec.feature_group
            table = OfflineTable(spec, features.database_names[group], features.table_names[group])
            for what, (description, sql) in queries(table).items():
                AthenaNamedQuery(
                    self,
                    f"{group}-{what}",
                    name=f"{group}-{what}",
                    description=description,
                    workgroup=workgroup.name,
                    database=table.database,
                    query=sql,
                )
