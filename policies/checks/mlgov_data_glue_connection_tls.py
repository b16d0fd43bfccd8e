"""Glue talks to databases over TLS."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf

# The switch of each kind of connection, and what Glue takes where it is left out (Glue API, ConnectionProperties).
SWITCHES = {"JDBC": ("JDBC_ENFORCE_SSL", "false"), "KAFKA": ("KAFKA_SSL_ENABLED", "true")}


class DataGlueConnectionTls(PlatformCheck):
    """JDBC and Kafka connections use TLS; left out, Kafka does, and JDBC takes what the server offers."""

    policy = "CKV_MLGOV_238"
    title = "Glue connection enforces TLS"
    control = "DATA-03"
    resources = ("aws_glue_connection",)

    def judge(self, conf: Conf) -> Judgement:
        kind = str(conf.literal("connection_type") or "JDBC")
        if kind not in SWITCHES:
            return NOT_APPLICABLE
        switch, default = SWITCHES[kind]
        said = [block.literal(switch) for block in conf.blocks("connection_properties") if block.given(switch)]
        on = str((said or [default])[0]).lower() == "true"
        return holds(None if on else f"{switch} of connection_properties is not true")


check = DataGlueConnectionTls()
