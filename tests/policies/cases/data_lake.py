"""Cases of the data controls about Lake Formation and Glue."""

from __future__ import annotations

from tests.policies.cases import Body, Case, changed
from tests.policies.support import ACCOUNT, OTHER

KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/reader"
ADMINS = {"admins": [f"arn:aws:iam::{ACCOUNT}:role/steward"]}
BY_TAG = {"lf_tag_policy": {"resource_type": "TABLE", "expression": [{"key": "domain", "values": ["payments"]}]}}
LOCATION = {"arn": "arn:aws:s3:::acme-raw"}
OWN_ROLE = {**LOCATION, "role_arn": ROLE}
PASSWORDS = {"return_connection_password_encrypted": True, "aws_kms_key_id": KEY}
AT_REST = {"catalog_encryption_mode": "SSE-KMS", "sse_aws_kms_key_id": KEY}
NETWORK = {"subnet_id": "subnet-1", "security_group_id_list": ["sg-1"]}
URL = "jdbc:postgresql://db.acme.example/claims"
JDBC = {"JDBC_CONNECTION_URL": URL, "SECRET_ID": "claims", "JDBC_ENFORCE_SSL": "true"}
LOGGING = "--enable-continuous-cloudwatch-log"
CRAWLER = {"name": "c", "database_name": "raw", "role": ROLE}


def _grant(*permissions: str, to: str = ROLE, **more: object) -> Body:
    return {"principal": to, "permissions": permissions or ("SELECT",), **(more or BY_TAG)}


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
        "CKV_MLGOV_219",
        "aws_lakeformation_data_lake_settings",
        passes={"closed": ADMINS},
        fails={
            "nobody": ({"read_only_admins": [ROLE]}, "admins is not set"),
            "databases": (
                {
                    **ADMINS,
                    "create_database_default_permissions": [
                        {"principal": "IAM_ALLOWED_PRINCIPALS", "permissions": ["ALL"]}
                    ],
                },
                "create_database_default_permissions grants to IAM_ALLOWED_PRINCIPALS",
            ),
            "tables": (
                {
                    **ADMINS,
                    "create_table_default_permissions": [
                        {"principal": "IAM_ALLOWED_PRINCIPALS", "permissions": ["ALL"]}
                    ],
                },
                "create_table_default_permissions grants to IAM_ALLOWED_PRINCIPALS",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_220",
        "aws_lakeformation_data_lake_settings",
        passes={
            "inside": ADMINS,
            "filtering": {
                **ADMINS,
                "allow_external_data_filtering": True,
                "external_data_filtering_allow_list": [ACCOUNT],
                "authorized_session_tag_value_list": ["engine"],
            },
        },
        fails={
            "past": ({**ADMINS, "allow_full_table_external_data_access": True}, "external_data_access is true"),
            "anybody": (
                {**ADMINS, "allow_external_data_filtering": True, "authorized_session_tag_value_list": ["engine"]},
                "external_data_filtering_allow_list is not set",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_221",
        "aws_lakeformation_permissions",
        passes={
            "role": _grant(),
            "account": _grant(to=OTHER),
            "made_here": _grant(to="${aws_iam_role.@reader.arn}"),
        },
        fails={
            "iam": (_grant(to="IAM_ALLOWED_PRINCIPALS"), "principal is IAM_ALLOWED_PRINCIPALS"),
            "everybody": (_grant(to=f"{ACCOUNT}:IAMPrincipals"), "name a role"),
            "unknown": (_grant(to="${aws_iam_role.@reader.unique_id}"), "not provable"),
        },
        beside={"aws_iam_role.reader": {"name": "reader", "assume_role_policy": "{}"}},
    ),
    Case(
        "CKV_MLGOV_222",
        "aws_lakeformation_permissions",
        passes={"named": _grant("DESCRIBE", "SELECT")},
        fails={"all": (_grant("ALL"), "permissions holds ALL")},
    ),
    Case(
        "CKV_MLGOV_223",
        "aws_lakeformation_permissions",
        passes={"without": _grant()},
        fails={
            "option": (
                {**_grant(), "permissions_with_grant_option": ["SELECT"]},
                "permissions_with_grant_option holds SELECT",
            )
        },
    ),
    Case(
        "CKV_MLGOV_224",
        "aws_lakeformation_resource",
        passes={"own": OWN_ROLE},
        fails={
            "absent": (LOCATION, "role_arn is not set"),
            "linked": ({**LOCATION, "use_service_linked_role": True}, "use_service_linked_role is true"),
        },
    ),
    Case(
        "CKV_MLGOV_225",
        "aws_lakeformation_resource",
        passes={"default": OWN_ROLE, "off": {**OWN_ROLE, "hybrid_access_enabled": False}},
        fails={"on": ({**OWN_ROLE, "hybrid_access_enabled": True}, "hybrid_access_enabled is true")},
    ),
    Case(
        "CKV_MLGOV_226",
        "aws_lakeformation_permissions",
        passes={"by_tag": _grant(), "link": _grant("DESCRIBE", database={"name": "link"})},
        fails={
            "table": (
                _grant("SELECT", table={"database_name": "raw", "name": "claims"}),
                "grants SELECT on a table by name",
            ),
            "database": (_grant("CREATE_TABLE", "DESCRIBE", database={"name": "raw"}), "grants CREATE_TABLE on"),
        },
        ignores={"location": _grant("DATA_LOCATION_ACCESS", data_location={"arn": LOCATION["arn"]})},
    ),
    Case(
        "CKV_MLGOV_228",
        "aws_glue_catalog_database",
        passes={"tagged": {"name": "raw"}, "by_name": {"name": "curated"}},
        fails={"untagged": ({"name": "scratch"}, "no aws_lakeformation_resource_lf_tags of this stack tags")},
        ignores={"link": {"name": "link", "target_database": {"catalog_id": OTHER, "database_name": "raw"}}},
        beside={
            "aws_lakeformation_resource_lf_tags.tags": {
                "database": {"name": "${aws_glue_catalog_database.@tagged.name}"},
                "lf_tag": [{"key": "domain", "value": "payments"}],
            },
            "aws_lakeformation_resource_lf_tag.tag": {
                "database": [{"name": "curated"}],
                "lf_tag": [{"key": "domain", "value": "payments"}],
            },
        },
    ),
    Case(
        "CKV_MLGOV_229",
        "aws_glue_catalog_database",
        passes={"silent": {"name": "a"}},
        fails={
            "open": (
                {
                    "name": "b",
                    "create_table_default_permission": [
                        {
                            "permissions": ["ALL"],
                            "principal": {"data_lake_principal_identifier": "IAM_ALLOWED_PRINCIPALS"},
                        }
                    ],
                },
                "create_table_default_permission grants permissions on every new table",
            )
        },
    ),
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
        passes={"jdbc": _connection(), "kafka": _connection("KAFKA", KAFKA_SSL_ENABLED="true")},
        fails={
            "absent": (_connection(JDBC_CONNECTION_URL=URL), "JDBC_ENFORCE_SSL of connection_properties is not true"),
            "off": (_connection("KAFKA", KAFKA_SSL_ENABLED="false"), "KAFKA_SSL_ENABLED"),
        },
        ignores={"network": _connection("NETWORK", REGION="eu-west-1")},
    ),
]
