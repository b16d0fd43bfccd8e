"""Cases of the data controls about Glue."""

from __future__ import annotations

from tests.policies.cases import Body, Case, changed
from tests.policies.support import ACCOUNT

KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/job"
PASSWORDS = {"return_connection_password_encrypted": True, "aws_kms_key_id": KEY}
AT_REST = {"catalog_encryption_mode": "SSE-KMS", "sse_aws_kms_key_id": KEY}
NETWORK = {"subnet_id": "subnet-1", "security_group_id_list": ["sg-1"]}
URL = "jdbc:postgresql://db.acme.example/claims"
JDBC = {"JDBC_CONNECTION_URL": URL, "SECRET_ID": "claims", "JDBC_ENFORCE_SSL": "true"}
LOGGING = "--enable-continuous-cloudwatch-log"
CRAWLER = {"name": "c", "database_name": "raw", "role": ROLE}


def _catalogue(at_rest: Body, passwords: Body = PASSWORDS) -> Body:
    settings = {"encryption_at_rest": at_rest, "connection_password_encryption": passwords}
    return {"data_catalog_encryption_settings": settings}


def _security(**blocks: Body) -> Body:
    configuration = {
        "cloudwatch_encryption": {"cloudwatch_encryption_mode": "SSE-KMS", "kms_key_arn": KEY},
        "job_bookmarks_encryption": {"job_bookmarks_encryption_mode": "CSE-KMS", "kms_key_arn": KEY},
        "s3_encryption": {"s3_encryption_mode": "SSE-KMS", "kms_key_arn": KEY},
    }
    return {"name": "s", "encryption_configuration": configuration | blocks}


def _connection(kind: str | None = None, network: Body | None = NETWORK, **properties: str) -> Body:
    body = {"name": "c", "connection_properties": properties or JDBC}
    return changed(body, connection_type=kind, physical_connection_requirements=network)


def _job(**more: object) -> Body:
    return {"name": "j", "role_arn": ROLE, "command": {"script_location": "s3://acme/job.py"}, **more}


CASES = [
    Case(
        "CKV_MLGOV_230",
        "aws_glue_data_catalog_encryption_settings",
        passes={"keys": _catalogue(AT_REST)},
        fails={
            "off": (_catalogue({"catalog_encryption_mode": "DISABLED"}), "catalog_encryption_mode is DISABLED"),
            "of_aws": (_catalogue({"catalog_encryption_mode": "SSE-KMS"}), "sse_aws_kms_key_id is not set"),
            "clear": (
                _catalogue(AT_REST, {"return_connection_password_encrypted": False}),
                "return_connection_password_encrypted is false",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_231",
        "aws_glue_security_configuration",
        passes={"keys": _security()},
        fails={
            "no_logs": (_security(cloudwatch_encryption={}), "cloudwatch_encryption_mode is not set, and AWS takes"),
            "of_s3": (_security(s3_encryption={"s3_encryption_mode": "SSE-S3"}), "s3_encryption_mode is SSE-S3"),
            "no_key": (
                _security(job_bookmarks_encryption={"job_bookmarks_encryption_mode": "CSE-KMS"}),
                "job_bookmarks_encryption.kms_key_arn is not set",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_232",
        "aws_glue_connection",
        passes={"vpc": _connection()},
        fails={
            "absent": (_connection(network=None), "subnet_id is not set"),
            "half": (_connection(network={"subnet_id": "subnet-1"}), "security_group_id_list is not set"),
        },
    ),
    Case(
        "CKV_MLGOV_233",
        "aws_glue_connection",
        passes={"secret": _connection(), "network": _connection("NETWORK", REGION="eu-west-1")},
        fails={
            "password": (_connection("JDBC", **JDBC, PASSWORD="x"), "connection_properties holds PASSWORD"),
            "nothing": (_connection(JDBC_CONNECTION_URL=URL), "SECRET_ID is not set"),
            "kafka": (
                _connection("KAFKA", KAFKA_SASL_SCRAM_PASSWORD="x"),
                "connection_properties holds KAFKA_SASL_SCRAM_PASSWORD",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_234",
        "aws_glue_job",
        passes={"vpc": _job(connections=["vpc"])},
        fails={"absent": (_job(), "connections is not set"), "empty": (_job(connections=[]), "connections is not set")},
    ),
    Case(
        "CKV_MLGOV_235",
        "aws_glue_job",
        passes={
            "logs": _job(default_arguments={LOGGING: "true"}),
            "fixed": _job(non_overridable_arguments={LOGGING: "true"}),
        },
        fails={
            "absent": (_job(), f"{LOGGING} is not true"),
            "off": (_job(default_arguments={LOGGING: "false"}), f"{LOGGING} is not true"),
        },
    ),
    Case(
        "CKV_MLGOV_236",
        "aws_glue_crawler",
        passes={
            "granted": {
                **CRAWLER,
                "s3_target": [{"path": "s3://acme-raw"}],
                "lake_formation_configuration": {"use_lake_formation_credentials": True},
            }
        },
        fails={
            "absent": (
                {**CRAWLER, "s3_target": [{"path": "s3://acme-raw"}]},
                "use_lake_formation_credentials is not set, and AWS takes false",
            )
        },
        ignores={"database": {**CRAWLER, "jdbc_target": [{"connection_name": "c", "path": "claims/%"}]}},
    ),
    Case(
        "CKV_MLGOV_238",
        "aws_glue_connection",
        passes={
            "jdbc": _connection(),
            "kafka": _connection("KAFKA", KAFKA_SSL_ENABLED="true"),
            "kafka_default": _connection("KAFKA", KAFKA_BOOTSTRAP_SERVERS="b-1.acme.example:9094"),
        },
        fails={
            "absent": (_connection(JDBC_CONNECTION_URL=URL), "JDBC_ENFORCE_SSL of connection_properties is not true"),
            "off": (_connection("KAFKA", KAFKA_SSL_ENABLED="false"), "KAFKA_SSL_ENABLED"),
        },
        ignores={"network": _connection("NETWORK", REGION="eu-west-1")},
    ),
]
