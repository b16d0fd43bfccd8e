"""Rules of the organisation as a whole: regions and partition."""

from __future__ import annotations

from collections.abc import Iterator

from environments.configuration import Configuration
from modules.core.errors import Problem

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


RULES = (_home_region_is_governed, _regions_lie_in_the_partition)
