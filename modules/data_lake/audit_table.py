"""The organisation trail as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.glue_catalog_database import GlueCatalogDatabase
from cdktf_cdktf_provider_aws.lakeformation_resource_lf_tag import LakeformationResourceLfTagDatabase
from constructs import Construct

from modules.core.file_table import file_table
from modules.core.lf_tags import DOMAIN, LAYER, SENSITIVITY, STAGE
from modules.core.trail_table import trail_table
from modules.data_lake.lf_tagged import LfTagged
from modules.data_lake.names import AUDIT

# A value of `domain` that no data domain has: so no grant of a domain's data opens the trail, and none the other way.
TAGS: Mapping[str, str] = {DOMAIN: AUDIT, LAYER: "curated", SENSITIVITY: "restricted", STAGE: "published"}


class AuditTable(Construct):
    """The database `audit` with the table `trail`, below the S3 URI `location`, which ends in `/`.

    Partitions are computed, not stored: by account, region and day (`2026/11/23`), `keep_days` back. `account_ids` and
    `regions` are those there are.

    Guarantees:
    - every account and region of the organisation is in it, as far back as logs are kept;
    - it carries LF-tags that no data domain has, the highest sensitivity among them.

    Controls: DATA-13 (NIST 800-53 AU-6, AC-16).
    https://docs.aws.amazon.com/athena/latest/ug/cloudtrail-logs.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        location: str,
        account_ids: Sequence[str],
        regions: Sequence[str],
        keep_days: int,
    ) -> None:
        super().__init__(scope, id_)
        database = GlueCatalogDatabase(
            self, "database", name=AUDIT, description="Who used data: the organisation trail, for auditors"
        ).name
        tags = LfTagged(self, "tags", place=LakeformationResourceLfTagDatabase(name=database), tags=TAGS)
        table = trail_table(location, account_ids=account_ids, regions=regions, keep_days=keep_days)
        # Without the tags of its database the table would be untagged for a moment.
        self.table = file_table(self, "table", table, database=database, after=tags.resources)
