"""Crawlers see what Lake Formation grants them."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal


class DataCrawlerGrants(PlatformCheck):
    """A crawler over S3 reads by Lake Formation's credentials; left out, its role's S3 permissions go past grants."""

    policy = "CKV_MLGOV_236"
    title = "Glue crawler reads S3 by credentials of Lake Formation"
    control = "DATA-12"
    resources = ("aws_glue_crawler",)

    def judge(self, conf: Conf) -> Judgement:
        if not conf.blocks("s3_target"):
            return NOT_APPLICABLE
        return holds(equal(conf, "lake_formation_configuration.use_lake_formation_credentials", True, absent="false"))


check = DataCrawlerGrants()
