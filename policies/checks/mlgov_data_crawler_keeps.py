"""Crawlers take no table away."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import among

KEEPING = ("DEPRECATE_IN_DATABASE", "LOG")


class DataCrawlerKeeps(PlatformCheck):
    """A crawler that misses files marks their table, or says so; left out, it marks. Deleting takes tags and grants."""

    policy = "CKV_MLGOV_248"
    title = "Glue crawler deletes no table from the catalogue"
    control = "DATA-13"
    resources = ("aws_glue_crawler",)

    def judge(self, conf: Conf) -> Judgement:
        given = any(policy.given("delete_behavior") for policy in conf.blocks("schema_change_policy"))
        return holds(among(conf, "schema_change_policy.delete_behavior", KEEPING) if given else None)


check = DataCrawlerKeeps()
