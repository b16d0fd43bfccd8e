"""What the jobs of a data domain run, in a bucket of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.s3_object import S3Object
from constructs import Construct

from modules.core.assets import Archive, AssetHolder
from modules.core.bucket import Bucket, Retention
from modules.core.iam import ANYONE, Statement
from modules.core.naming import Naming
from modules.data_lake.jobs.spec import TableSpec

JOBS = Path(__file__).parent / "jobs"
SCRIPTS = ("curate", "ingest")
NONCURRENT_DAYS = 365  # which code a run of the last year had can be told


class JobCode(Construct):
    """The bucket `<organisation>-<environment>-<what>` with a script for each kind of job, and a file for each table.

    `access_logs` is the name of the target of its server access logs, `writer_arn` the role that Terraform applies as.
    `packages` is what scripts import, `specs` tells where the file of a table is.

    Guarantees:
    - those of Bucket; encrypted by `key_arn`;
    - whatever IAM policies say, only Terraform changes what jobs run: it works on all data of the domain;
    - the same sources give the same bytes, and a change of one replaces that object alone.

    Controls: DATA-04, DATA-05, DATA-08 (NIST 800-53 AC-3, CM-5, SI-7).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        key_arn: str,
        access_logs: str,
        writer_arn: str,
        specs: Sequence[TableSpec],
    ) -> None:
        super().__init__(scope, id_)
        self._key_arn = key_arn
        self._bucket = Bucket(
            self,
            "bucket",
            naming=naming,
            what=what,
            key_arn=key_arn,
            retention=Retention(noncurrent_days=NONCURRENT_DAYS),
            access_logs=access_logs,
            statements=[
                Statement(  # objects alone: the bucket's configuration, and so this policy, can always be mended
                    "OnlyTerraformWrites",
                    actions=("s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject"),
                    resources=(f"{naming.bucket_arn(what)}/*",),
                    effect="Deny",
                    principals=ANYONE,
                    conditions={"ArnNotEquals": {"aws:PrincipalArn": writer_arn}},
                )
            ],
        )
        self._uri = f"s3://{naming.bucket(what)}"
        self.scripts = {name: self._put(name, f"{name}.py", (JOBS / f"{name}.py").read_bytes()) for name in SCRIPTS}
        self.packages = self._put("packages", "packages.zip", Archive.of_package(JOBS).content)
        self.specs = {
            spec.called: self._put(f"spec-{spec.called}", f"specs/{spec.called}.json", spec.to_json().encode())
            for spec in specs
        }

    def _put(self, id_: str, key: str, content: bytes) -> str:
        asset = cast(AssetHolder, TerraformStack.of(self)).add_asset(key.replace("/", "-"), content)
        written = S3Object(
            self,
            id_,
            bucket=self._bucket.name,
            key=key,
            source=asset,
            source_hash=hashlib.sha256(content).hexdigest(),
            kms_key_id=self._key_arn,
        )
        return f"{self._uri}/{written.key}"  # a reference: a job waits for what it runs
