"""Cases of the data controls about catalogues: whose they are, their vocabulary, where their tables lie."""

from __future__ import annotations

from tests.policies.cases import Body, Case
from tests.policies.cases.data_lake import BY_TAG, ROLE, grant
from tests.policies.support import ACCOUNT, OTHER

CLAIMS = {"table": {"database_name": "raw", "name": "claims"}}
CRAWLER = {"name": "raw", "database_name": "raw", "role": ROLE, "s3_target": [{"path": "s3://acme-raw/"}]}


def _pair(key: str, *values: str) -> Body:
    return {"key": key, "values": values}


def _table(location: str) -> Body:
    return {"name": "claims", "database_name": "raw", "storage_descriptor": {"location": location}}


CASES = [
    Case(
        "CKV_MLGOV_245",
        "aws_lakeformation_permissions",
        passes={
            "own": grant(),
            "named": grant(catalog_id=ACCOUNT, **BY_TAG),
            "link": grant("DESCRIBE", database={"name": "link"}),
        },
        fails={
            "tag": (
                grant("DESCRIBE", lf_tag={"key": "domain", "values": ["payments"], "catalog_id": OTHER}),
                f"lf_tag.catalog_id is {OTHER}, not the account of the stack",
            ),
            "expression": (
                grant(lf_tag_policy={**BY_TAG["lf_tag_policy"], "catalog_id": OTHER}),
                f"lf_tag_policy.catalog_id is {OTHER}",
            ),
            "table": (
                grant(table={"database_name": "raw", "name": "claims", "catalog_id": OTHER}),
                f"table.catalog_id is {OTHER}",
            ),
            "whole": (grant(catalog_id=OTHER, **BY_TAG), f"catalog_id is {OTHER}"),
        },
    ),
    Case(
        "CKV_MLGOV_246",
        "aws_lakeformation_permissions",
        passes={"known": grant(), "by_name": grant("DESCRIBE", database={"name": "link"})},
        fails={
            "value": (
                grant(lf_tag_policy={"resource_type": "TABLE", "expression": [_pair("stage", "publishd")]}),
                "publishd is no value of stage: there are draft, published, deprecated",
            ),
            "key": (
                grant(lf_tag_policy={"resource_type": "TABLE", "expression": [_pair("team", "fraud")]}),
                "there is no LF-Tag team: there are domain, feature_group, layer, sensitivity, stage",
            ),
            "associate": (grant("ASSOCIATE", lf_tag=_pair("stage", "live")), "live is no value of stage"),
        },
    ),
    Case(
        "CKV_MLGOV_246",
        "aws_lakeformation_lf_tag",
        passes={"stage": _pair("stage", "draft", "published"), "domain": _pair("domain", "payments")},
        fails={"secret": (_pair("sensitivity", "secret"), "secret is no value of sensitivity")},
    ),
    Case(
        "CKV_MLGOV_246",
        "aws_lakeformation_resource_lf_tags",
        passes={"assigned": {**CLAIMS, "lf_tag": [{"key": "sensitivity", "value": "internal"}]}},
        fails={
            "misassigned": ({**CLAIMS, "lf_tag": [{"key": "sensitivity", "value": "secret"}]}, "secret is no value of")
        },
    ),
    Case(
        "CKV_MLGOV_246",
        "aws_lakeformation_resource_lf_tag",
        passes={"single": {"database": [{"name": "raw"}], "lf_tag": [{"key": "layer", "value": "raw"}]}},
        fails={
            "zone": ({"database": [{"name": "raw"}], "lf_tag": [{"key": "zone", "value": "raw"}]}, "no LF-Tag zone"),
        },
    ),
    Case(
        "CKV_MLGOV_247",
        "aws_glue_catalog_table",
        passes={
            "by_name": _table("s3://acme-tables/claims/"),
            "made_here": _table("s3://${aws_s3_bucket.@zone.bucket}/claims/"),
        },
        fails={
            "elsewhere": (_table("s3://acme-scratch/claims/"), "is in no bucket that an aws_lakeformation_resource")
        },
        ignores={
            "view": {"name": "view", "database_name": "raw"},
            "link": {
                "name": "link",
                "database_name": "raw",
                "target_table": {"catalog_id": OTHER, "database_name": "raw", "name": "claims"},
            },
        },
        beside={
            "aws_s3_bucket.zone": {"bucket": "acme-zone"},
            "aws_lakeformation_resource.made": {"arn": "${aws_s3_bucket.@zone.arn}", "role_arn": ROLE},
            "aws_lakeformation_resource.named": {"arn": "arn:aws:s3:::acme-tables", "role_arn": ROLE},
        },
    ),
    Case(
        "CKV_MLGOV_248",
        "aws_glue_crawler",
        passes={"silent": CRAWLER, "log": {**CRAWLER, "schema_change_policy": {"delete_behavior": "LOG"}}},
        fails={
            "deletes": (
                {**CRAWLER, "schema_change_policy": {"delete_behavior": "DELETE_FROM_DATABASE"}},
                "schema_change_policy.delete_behavior is DELETE_FROM_DATABASE",
            )
        },
    ),
]
