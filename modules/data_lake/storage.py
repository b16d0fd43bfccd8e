"""The zones of a data domain: buckets under one key, open to Lake Formation, and the roles that work on them."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.s3_bucket_notification import S3BucketNotification
from constructs import Construct

from modules.core.access_log_bucket import AccessLogBucket
from modules.core.bucket import Bucket, Retention
from modules.core.handshake import Edge
from modules.core.key import Key
from modules.core.naming import Naming
from modules.core.wiring import holder
from modules.data_lake.contract import StorageContract
from modules.data_lake.domain_roles import DomainRoles
from modules.data_lake.names import (
    JOB,
    bucket_stem,
    code_bucket,
    domain_key,
    domain_role,
    inventory_bucket,
    zone_bucket,
)
from modules.data_lake.settings import DomainLake, ZoneSettings
from modules.data_lake.zone_inventory import ZoneInventory
from modules.data_lake.zone_policy import bucket_statements, key_statements, macie_role


class Storage(Construct):
    """The domain's key, a bucket for each of its zones, their inventory, and the roles of its jobs and crawlers.

    `governance` is the account whose Lake Formation works on the zones, `backup_role_arn` the role as which the account
    is backed up. `stores` and `produces` are the domain's edges; one without products produces nothing.

    Guarantees:
    - each zone is private, versioned, encrypted by the domain's own key, and keeps objects as long as set;
    - of other accounts the location role alone reaches zones and key, the key through S3 only;
    - whatever IAM policies say, objects are read by Lake Formation, the domain's jobs, Macie and the backup alone, and
      written by these alone, but for what sources drop below `incoming/` of the raw zone (unless `hybrid` is set);
    - the configuration of a bucket is never denied: a mistaken policy can be mended by Terraform;
    - what lies in the zones is listed every day; the raw zone tells EventBridge what arrives.

    Controls: DATA-02 to DATA-05, DATA-07, DATA-08, DATA-11, DATA-12 (NIST 800-53 AC-3, AC-4, SC-28).
    https://docs.aws.amazon.com/lake-formation/latest/dg/register-cross-encrypted.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        domain: str,
        settings: DomainLake,
        governance: Naming,
        organization_id: str,
        boundary_arn: str,
        backup_role_arn: str,
        stores: Edge,
        produces: Edge | None,
    ) -> None:
        super().__init__(scope, id_)
        zones = {zone: zone_bucket(domain, settings, zone) for zone in settings.zones}
        arns = [naming.bucket_arn(what) for what in zones.values()]
        key = Key(
            self,
            "key",
            naming=naming,
            purpose=domain_key(domain),
            statements=key_statements(
                holder(self),
                stores,
                arns,
                domain=domain,
                naming=naming,
                governance=governance,
                organization_id=organization_id,
            ),
        )
        self.access_logs = logs = AccessLogBucket(
            self, "access-logs", naming=naming, of=bucket_stem(domain, settings)
        ).name
        jobs = [naming.role_arn(domain_role(domain, JOB))] if produces else []
        self.buckets = {
            zone: Bucket(
                self,
                zone,
                naming=naming,
                what=what,
                key_arn=key.arn,
                access_logs=logs,
                retention=_retention(settings.zones[zone]),
                statements=bucket_statements(
                    holder(self),
                    stores,
                    naming.bucket_arn(what),
                    zone,
                    domain=domain,
                    governance=governance,
                    organization_id=organization_id,
                    readers=None if settings.hybrid else [*jobs, backup_role_arn, macie_role(naming)],
                ),
            )
            for zone, what in zones.items()
        }
        if "raw" in self.buckets:
            S3BucketNotification(self, "raw-events", bucket=self.buckets["raw"].name, eventbridge=True)
        ZoneInventory(
            self,
            "inventory",
            naming=naming,
            what=inventory_bucket(domain, settings),
            buckets=self.buckets,
            key_arn=key.arn,
            access_logs=logs,
        )
        if produces:
            DomainRoles(
                self,
                "roles",
                naming=naming,
                domain=domain,
                governance=governance,
                produces=produces,
                zone_arns=arns,
                code_arn=naming.bucket_arn(code_bucket(domain, settings)),
                key_arn=key.arn,
                boundary_arn=boundary_arn,
            )
        self.contract = StorageContract(key_arn=key.arn)


def _retention(zone: ZoneSettings) -> Retention:
    return Retention(
        noncurrent_days=zone.noncurrent_days,
        cold_after_days=zone.cold_after_days,
        expire_after_days=zone.expire_after_days,
    )
