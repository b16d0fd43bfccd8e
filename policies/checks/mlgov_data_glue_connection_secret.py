"""Passwords of data sources stand in Secrets Manager."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf


class DataGlueConnectionSecret(PlatformCheck):
    """No property is a password: it would stand in the state. JDBC, which needs one, names its secret by SECRET_ID."""

    policy = "CKV_MLGOV_233"
    title = "Glue connection takes its password from Secrets Manager"
    control = "DATA-14"
    resources = ("aws_glue_connection",)

    def judge(self, conf: Conf) -> Judgement:
        properties = conf.blocks("connection_properties")
        # JDBC is what Glue takes where no type is given.
        jdbc = (conf.literal("connection_type") or "JDBC") == "JDBC"
        return holds(
            *(f"connection_properties holds {name}" for block in properties for name in block.body if _secret(name)),
            None if not jdbc or any(block.given("SECRET_ID") for block in properties) else "SECRET_ID is not set",
        )


def _secret(name: str) -> bool:
    return "PASSWORD" in name and not name.startswith("ENCRYPTED_")


check = DataGlueConnectionSecret()
