"""The Glue catalogue and the passwords in it are under a key of ours."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import among, equal, given

SETTINGS = "data_catalog_encryption_settings"
AT_REST, PASSWORDS = f"{SETTINGS}.encryption_at_rest", f"{SETTINGS}.connection_password_encryption"


class DataCatalogKey(PlatformCheck):
    """Metadata and passwords are encrypted under named keys; where no key is named, Glue takes one that AWS manages."""

    policy = "CKV_MLGOV_230"
    title = "Glue catalogue and connection passwords are under named KMS keys"
    control = "DATA-14"
    resources = ("aws_glue_data_catalog_encryption_settings",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(
            among(conf, f"{AT_REST}.catalog_encryption_mode", ("SSE-KMS", "SSE-KMS-WITH-SERVICE-ROLE")),
            given(conf, f"{AT_REST}.sse_aws_kms_key_id"),
            equal(conf, f"{PASSWORDS}.return_connection_password_encrypted", True),
            given(conf, f"{PASSWORDS}.aws_kms_key_id"),
        )


check = DataCatalogKey()
