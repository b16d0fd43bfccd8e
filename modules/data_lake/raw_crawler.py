"""The crawler over a data domain's raw zone."""

from __future__ import annotations

import json
from collections.abc import Sequence

from cdktf_cdktf_provider_aws.glue_crawler import (
    GlueCrawler,
    GlueCrawlerLakeFormationConfiguration,
    GlueCrawlerRecrawlPolicy,
    GlueCrawlerS3Target,
    GlueCrawlerSchemaChangePolicy,
)
from constructs import Construct

from modules.core.naming import Naming
from modules.data_lake.names import CRAWLER, domain_role

# New columns are added and none is taken away; all that lies below `<product>/<table>/` (the third level) is one table.
_OUTPUT = {
    "Version": 1.0,
    "CrawlerOutput": {
        "Partitions": {"AddOrUpdateBehavior": "InheritFromTable"},
        "Tables": {"AddOrUpdateBehavior": "MergeNewColumns"},
    },
    "Grouping": {"TableGroupingPolicy": "CombineCompatibleSchemas", "TableLevelConfiguration": 3},
}


class RawCrawler(Construct):
    """Enters what was ingested into `database`, a link to a database in the catalogue of the account `catalog_id`.

    `folders` are the tables' folders in the raw zone.

    Guarantees:
    - it reads the zone by credentials of Lake Formation alone, and logs under a key of ours;
    - a changed schema is entered, and what is gone from the zone is told and not dropped.

    Controls: DATA-12, DATA-14 (FSBP Glue.3; NIST 800-53 AC-3, SC-28).
    https://docs.aws.amazon.com/glue/latest/dg/crawler-lf-integ.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        domain: str,
        catalog_id: str,
        database: str,
        folders: Sequence[str],
        security_configuration: str,
    ) -> None:
        super().__init__(scope, id_)
        crawler = GlueCrawler(
            self,
            "crawler",
            name=naming.name(f"{domain}-raw"),
            description=f"What the raw zone of the data domain {domain} holds",
            role=naming.name(domain_role(domain, CRAWLER)),
            database_name=database,
            s3_target=[GlueCrawlerS3Target(path=folder) for folder in folders],
            lake_formation_configuration=GlueCrawlerLakeFormationConfiguration(
                account_id=catalog_id, use_lake_formation_credentials=True
            ),
            recrawl_policy=GlueCrawlerRecrawlPolicy(recrawl_behavior="CRAWL_EVERYTHING"),
            schema_change_policy=GlueCrawlerSchemaChangePolicy(
                update_behavior="UPDATE_IN_DATABASE", delete_behavior="LOG"
            ),
            security_configuration=security_configuration,
            configuration=json.dumps(_OUTPUT, separators=(",", ":")),
        )
        self.name = crawler.name
