"""Queries of CloudWatch Logs Insights that people find ready in an observability account."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.cloudwatch_query_definition import CloudwatchQueryDefinition
from constructs import Construct

from modules.core.naming import Naming
from modules.observability.insights_queries import SAVED


class SavedQueries(Construct):
    """The saved queries of every persona, in a folder of its own: `<organisation>-<environment>/<persona>/<name>`.

    Guarantees:
    - each query reads the log groups of its purpose alone, of all accounts that are seen from here;
    - a query names no log group: one that comes later is found without a change.

    Controls: PLAT-03 (NIST 800-53 AU-6, AU-7).
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_Insights-Saving-Queries.html
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming) -> None:
        super().__init__(scope, id_)
        for asker, queries in SAVED.items():
            for query in queries:
                folder = f"{naming.organization}-{naming.environment}/{asker}"
                CloudwatchQueryDefinition(
                    self, f"{asker}-{query.name}", name=f"{folder}/{query.name}", query_string=query.text
                )
