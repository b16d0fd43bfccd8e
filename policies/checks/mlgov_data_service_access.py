"""AWS services reach data stores on the organisation's behalf alone."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.iam import statements
from policies.perimeter import deputy


class DataServiceAccess(PlatformCheck):
    """A statement for a service has a condition on whose resource it calls for: else a stranger's may do, too."""

    policy = "CKV_MLGOV_214"
    title = "Resource policy of a data store bounds each service to the organisation's resources"
    control = "DATA-07"
    resources = (
        "aws_glue_resource_policy",
        "aws_s3_bucket_policy",
        "aws_secretsmanager_secret_policy",
        "aws_sns_topic_policy",
        "aws_sqs_queue_policy",
    )

    def judge(self, conf: Conf) -> Judgement:
        found = [statement for statement in statements(conf, "policy") if statement.principals("Service")]
        return holds(*map(deputy, found)) if found else NOT_APPLICABLE


check = DataServiceAccess()
