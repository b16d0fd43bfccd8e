"""What a domain's runs of data quality tell. No cdktf here."""

from __future__ import annotations

from modules.core.naming import Naming
from modules.data_lake.names import rulesets


def results(naming: Naming, domain: str) -> dict[str, object]:
    """The pattern of what a run of one of the domain's rulesets tells, new ones' too, whatever came of it."""
    return {
        "source": ["aws.glue-dataquality"],
        "detail-type": ["Data Quality Evaluation Results Available"],
        "detail": {"rulesetNames": [{"prefix": rulesets(naming, domain)}]},
    }
