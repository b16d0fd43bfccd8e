"""The tags that a launch must choose, with the values that there are."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.servicecatalog_tag_option import ServicecatalogTagOption
from constructs import Construct

# Of a portfolio: https://docs.aws.amazon.com/servicecatalog/latest/adminguide/limits.html
LIMIT = 25


def tag_values(teams: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Tag -> the values to choose from: those keys, in this order, whose values fit into what AWS allows together.

    What does not fit is held all the same: templates take Team and CostCenter as parameters, and a template constraint
    limits these to the organisation's.
    """
    wanted = {
        "Environment": ("dev",),
        "Team": tuple(sorted(teams)),
        "CostCenter": tuple(sorted(set(teams.values()))),
    }
    found: dict[str, tuple[str, ...]] = {}
    for key, values in wanted.items():
        if sum(map(len, found.values())) + len(values) <= LIMIT:
            found[key] = values
    return found


class TagOptions(Construct):
    """A tag option for each value; `ids` are theirs, by `<key>-<value>`.

    Guarantees: a launch carries a team, a cost center and the environment of the organisation, and no others.
    Controls: COST-01 (NIST 800-53 CM-8).
    """

    def __init__(self, scope: Construct, id_: str, *, teams: Mapping[str, str]) -> None:
        super().__init__(scope, id_)
        self.ids = {
            f"{key}-{value}": ServicecatalogTagOption(self, f"{key}-{value}", key=key, value=value).id
            for key, values in tag_values(teams).items()
            for value in values
        }
