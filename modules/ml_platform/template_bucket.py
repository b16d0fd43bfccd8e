"""The bucket that holds the templates of products and the seed code of projects."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import cast

from cdktf import ITerraformDependable, TerraformStack
from cdktf_cdktf_provider_aws.s3_object import S3Object
from constructs import Construct

from modules.core.access_log_bucket import AccessLogBucket
from modules.core.assets import AssetHolder
from modules.core.bucket import Bucket, Retention
from modules.core.naming import Naming
from modules.core.wiring import holder
from modules.ml_platform.audience import Audience
from modules.ml_platform.names import TEMPLATE_BUCKET
from modules.ml_platform.product_template import published
from modules.ml_platform.product_versions import VERSIONS, template, template_key

KEEP_DAYS = 365


class TemplateBucket(Construct):
    """`<organisation>-<environment>-ml-templates`: every version of every template, and archives of seed code.

    `seeds`: key -> archive. `templates`: the key of each template -> its object, for what names its URL.

    Guarantees:
    - units of the organisation in which products are launched read templates and seeds, nobody else does;
    - a published template stays byte by byte, under a key that holds its SHA-256;
    - what is replaced is kept for 365 days; every read is logged.

    Controls: DATA-02, DATA-03, DATA-08, DATA-09 (FSBP S3.5, S3.17; NIST 800-53 AC-3, CM-3).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        audience: Audience,
        key_arn: str,
        seeds: Mapping[str, bytes],
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._key_arn = naming, key_arn
        arn = naming.bucket_arn(TEMPLATE_BUCKET)
        bucket = Bucket(
            self,
            "bucket",
            naming=naming,
            what=TEMPLATE_BUCKET,
            key_arn=key_arn,
            retention=Retention(noncurrent_days=KEEP_DAYS),
            access_logs=AccessLogBucket(self, "access-logs", naming=naming, of=TEMPLATE_BUCKET).name,
            statements=[audience.units.allow("UnitsRead", ("s3:GetObject",), (f"{arn}/products/*", f"{arn}/seeds/*"))]
            if audience.units
            else [],
        )
        for edge in audience.edges.values():
            edge.render(holder(self), "templates")
        self._name = bucket.name
        self.templates: dict[str, ITerraformDependable] = {
            template_key(product, version): self._text(
                f"{product}-{version.number.replace('.', '-')}",
                template_key(product, version),
                published(
                    template(product, version),
                    organization=naming.organization,
                    templates=naming.bucket(TEMPLATE_BUCKET),
                ),
            )
            for product, versions in VERSIONS.items()
            for version in versions
        }
        for key, archive in seeds.items():
            self._archive(key, archive)

    def url(self, key: str) -> str:
        """The address of an object, as Service Catalog wants it."""
        suffix = "amazonaws.com.cn" if self._naming.partition == "aws-cn" else "amazonaws.com"
        return f"https://{self._naming.bucket(TEMPLATE_BUCKET)}.s3.{self._naming.region}.{suffix}/{key}"

    def _text(self, id_: str, key: str, content: str) -> S3Object:
        return S3Object(
            self,
            id_,
            bucket=self._name,
            key=key,
            content=content,
            content_type="application/x-yaml",
            server_side_encryption="aws:kms",
            kms_key_id=self._key_arn,
            bucket_key_enabled=True,
        )

    def _archive(self, key: str, archive: bytes) -> None:
        name = key.rpartition("/")[2]
        S3Object(
            self,
            f"seed-{name.removesuffix('.zip')}",
            bucket=self._name,
            key=key,
            source=cast(AssetHolder, TerraformStack.of(self)).add_asset(name, archive),
            source_hash=base64.b64encode(hashlib.sha256(archive).digest()).decode(),
            content_type="application/zip",
            server_side_encryption="aws:kms",
            kms_key_id=self._key_arn,
            bucket_key_enabled=True,
        )
