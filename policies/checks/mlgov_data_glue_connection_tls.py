"""Glue talks to databases over TLS."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf

SWITCHES = {"JDBC": "JDBC_ENFORCE_SSL", "KAFKA": "KAFKA_SSL_ENABLED"}


class DataGlueConnectionTls(PlatformCheck):
    """JDBC and Kafka connections demand TLS by their property; left out, JDBC goes on without it."""

    policy = "CKV_MLGOV_238"
    title = "Glue connection enforces TLS"
    control = "DATA-03"
    resources = ("aws_glue_connection",)

    def judge(self, conf: Conf) -> Judgement:
        switch = SWITCHES.get(conf.literal("connection_type") or "JDBC")
        if switch is None:
            return NOT_APPLICABLE
        on = any(str(block.literal(switch)).lower() == "true" for block in conf.blocks("connection_properties"))
        return holds(None if on else f"{switch} of connection_properties is not true")


check = DataGlueConnectionTls()
