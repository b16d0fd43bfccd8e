"""Cases of the data controls about Lake Formation."""

from __future__ import annotations

from tests.policies.cases import Body, Case
from tests.policies.support import ACCOUNT, OTHER

ROLE = f"arn:aws:iam::{ACCOUNT}:role/reader"
ADMINS = {"admins": [f"arn:aws:iam::{ACCOUNT}:role/steward"]}
BY_TAG = {"lf_tag_policy": {"resource_type": "TABLE", "expression": [{"key": "domain", "values": ["payments"]}]}}
LOCATION = {"arn": "arn:aws:s3:::acme-raw"}
OWN_ROLE = {**LOCATION, "role_arn": ROLE}


def grant(*permissions: str, to: str = ROLE, **more: object) -> Body:
    """A grant by tag, or of what is given."""
    return {"principal": to, "permissions": permissions or ("SELECT",), **(more or BY_TAG)}


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
            "role": grant(),
            "account": grant(to=OTHER),
            "made_here": grant(to="${aws_iam_role.@reader.arn}"),
        },
        fails={
            "iam": (grant(to="IAM_ALLOWED_PRINCIPALS"), "principal is IAM_ALLOWED_PRINCIPALS"),
            "everybody": (grant(to=f"{ACCOUNT}:IAMPrincipals"), "name a role"),
            "unknown": (grant(to="${aws_iam_role.@reader.unique_id}"), "not provable"),
        },
        beside={"aws_iam_role.reader": {"name": "reader", "assume_role_policy": "{}"}},
    ),
    Case(
        "CKV_MLGOV_222",
        "aws_lakeformation_permissions",
        passes={"named": grant("DESCRIBE", "SELECT")},
        fails={"all": (grant("ALL"), "permissions holds ALL")},
    ),
    Case(
        "CKV_MLGOV_223",
        "aws_lakeformation_permissions",
        passes={"without": grant()},
        fails={
            "option": (
                {**grant(), "permissions_with_grant_option": ["SELECT"]},
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
        passes={"by_tag": grant(), "link": grant("DESCRIBE", database={"name": "link"})},
        fails={
            "table": (
                grant("SELECT", table={"database_name": "raw", "name": "claims"}),
                "grants SELECT on a table by name",
            ),
            "database": (grant("CREATE_TABLE", "DESCRIBE", database={"name": "raw"}), "grants CREATE_TABLE on"),
        },
        ignores={"location": grant("DATA_LOCATION_ACCESS", data_location={"arn": LOCATION["arn"]})},
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
]
