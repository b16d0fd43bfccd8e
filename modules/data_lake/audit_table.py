"""The organisation trail as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.glue_catalog_database import GlueCatalogDatabase
from cdktf_cdktf_provider_aws.glue_catalog_table import (
    GlueCatalogTable,
    GlueCatalogTablePartitionKeys,
    GlueCatalogTableStorageDescriptor,
    GlueCatalogTableStorageDescriptorColumns,
    GlueCatalogTableStorageDescriptorSerDeInfo,
)
from cdktf_cdktf_provider_aws.lakeformation_resource_lf_tag import LakeformationResourceLfTagDatabase
from constructs import Construct

from modules.core.iam import policy_variable
from modules.core.lf_tags import DOMAIN, LAYER, SENSITIVITY, STAGE
from modules.data_lake.audit_queries import TABLE
from modules.data_lake.lf_tagged import LfTagged
from modules.data_lake.names import AUDIT

# A value of `domain` that no data domain has: so no grant of a domain's data opens the trail, and none the other way.
TAGS: Mapping[str, str] = {DOMAIN: AUDIT, LAYER: "curated", SENSITIVITY: "restricted", STAGE: "published"}
_ISSUER = "struct<type:string,principalid:string,arn:string,accountid:string,username:string>"
_SESSION = f"struct<sessionissuer:{_ISSUER},attributes:struct<mfaauthenticated:string,creationdate:string>>"
# Fields of a CloudTrail event. Those whose shape differs from service to service are text, read by json_extract_scalar.
COLUMNS: Mapping[str, str] = {
    "eventversion": "string",
    "useridentity": "struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,"
    f"accesskeyid:string,username:string,sessioncontext:{_SESSION}>",
    "eventtime": "string",
    "eventsource": "string",
    "eventname": "string",
    "awsregion": "string",
    "sourceipaddress": "string",
    "useragent": "string",
    "errorcode": "string",
    "errormessage": "string",
    "requestparameters": "string",
    "responseelements": "string",
    "additionaleventdata": "string",
    "requestid": "string",
    "eventid": "string",
    "readonly": "string",
    "resources": "array<struct<arn:string,accountid:string,type:string>>",
    "eventtype": "string",
    "recipientaccountid": "string",
    "serviceeventdetails": "string",
    "sharedeventid": "string",
    "vpcendpointid": "string",
    "eventcategory": "string",
}
PARTITIONS = ("account", "region", "day")


class AuditTable(Construct):
    """The database `audit` with the table `trail`, below the S3 URI `location`, which ends in `/`.

    Partitions are computed, not stored: by account, region and day (`2026/11/23`), `keep_days` back. So a new day needs
    no crawler, and a query that names days scans them alone. `account_ids` and `regions` are those there are.

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
        account, region, day = (policy_variable(name) for name in PARTITIONS)
        self.table = GlueCatalogTable(
            self,
            "table",
            database_name=database,
            name=TABLE,
            description="Events of CloudTrail of every account, management and data events alike",
            table_type="EXTERNAL_TABLE",
            parameters={
                "EXTERNAL": "TRUE",
                "classification": "cloudtrail",
                "projection.enabled": "true",
                "projection.account.type": "enum",
                "projection.account.values": ",".join(account_ids),
                "projection.region.type": "enum",
                "projection.region.values": ",".join(regions),
                "projection.day.type": "date",
                "projection.day.format": "yyyy/MM/dd",
                "projection.day.interval": "1",
                "projection.day.interval.unit": "DAYS",
                "projection.day.range": f"NOW-{keep_days}DAYS,NOW",
                "storage.location.template": f"{location}{account}/CloudTrail/{region}/{day}",
            },
            partition_keys=[GlueCatalogTablePartitionKeys(name=name, type="string") for name in PARTITIONS],
            storage_descriptor=GlueCatalogTableStorageDescriptor(
                location=location,
                input_format="com.amazon.emr.cloudtrail.CloudTrailInputFormat",
                output_format="org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
                ser_de_info=GlueCatalogTableStorageDescriptorSerDeInfo(
                    serialization_library="org.apache.hive.hcatalog.data.JsonSerDe"
                ),
                columns=[
                    GlueCatalogTableStorageDescriptorColumns(name=name, type=kind) for name, kind in COLUMNS.items()
                ],
            ),
            depends_on=tags.resources,  # without them the table would be untagged for a moment
        )
