"""Rules of the organisation as a whole: regions, partition and the quotas of new accounts."""

from __future__ import annotations

from collections.abc import Iterator

from environments.configuration import Configuration
from modules.core.errors import Problem
from modules.foundations.account.settings import TEMPLATE_REQUESTS

_PREFIXES = {"aws-us-gov": "us-gov-", "aws-cn": "cn-"}


def _home_region_is_governed(configuration: Configuration) -> Iterator[Problem]:
    content, tree = configuration.organization.content, configuration.organization.tree
    if content.home_region not in content.governed_regions:
        governed = ", ".join(content.governed_regions)
        yield tree.problem(("home_region",), f"must be one of governed_regions: {governed} (got {content.home_region})")


def _regions_lie_in_the_partition(configuration: Configuration) -> Iterator[Problem]:
    content, tree = configuration.organization.content, configuration.organization.tree
    for place, region in enumerate(content.governed_regions):
        partition = next((name for name, prefix in _PREFIXES.items() if region.startswith(prefix)), "aws")
        if partition != content.partition:
            message = f"must lie in the partition {content.partition}: {region} belongs to {partition}"
            yield tree.problem(("governed_regions", place), message)


def _quota_template_fits(configuration: Configuration) -> Iterator[Problem]:
    content, tree = configuration.organization.content, configuration.organization.tree
    quotas, regions = content.foundations.quotas.template, content.governed_regions
    if len(quotas) * len(regions) > TEMPLATE_REQUESTS:
        message = f"makes {len(quotas) * len(regions)} requests: {len(quotas)} quotas in {len(regions)} regions, where"
        yield tree.problem(("foundations", "quotas", "template"), f"{message} AWS takes {TEMPLATE_REQUESTS}")


def _logs_are_copied_elsewhere(configuration: Configuration) -> Iterator[Problem]:
    content, tree = configuration.organization.content, configuration.organization.tree
    region = content.observability.logs.copy_to
    others = [each for each in content.governed_regions if each != content.home_region]
    if region is not None and region not in others:
        message = f"must be a governed region other than the home region: {', '.join(others) or 'there is none'}"
        yield tree.problem(("observability", "logs", "copy_to"), f"{message} (got {region})")


RULES = (
    _home_region_is_governed,
    _regions_lie_in_the_partition,
    _quota_template_fits,
    _logs_are_copied_elsewhere,
)
