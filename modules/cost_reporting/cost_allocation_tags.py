"""Tags by which AWS tells costs apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.ce_cost_allocation_tag import CeCostAllocationTag
from constructs import Construct

from modules.cost_reporting.billing_settings import BillingSettings
from modules.cost_reporting.cost_tags import OWN_KEYS, SAGEMAKER_KEYS

_ACTIVE: Mapping[str, Sequence[str]] = {"none": (), "own": OWN_KEYS, "all": (*OWN_KEYS, *SAGEMAKER_KEYS)}


class CostAllocationTags(Construct):
    """The keys of tags that the settings activate; see `BillingSettings.allocation_tags` for the order.

    Guarantees: a tag that AWS cannot know yet is not asked for, unless the settings say so.
    Controls: COST-07, DATA-13 (NIST 800-53 SA-2, CM-8).
    """

    def __init__(self, scope: Construct, id_: str, *, settings: BillingSettings) -> None:
        super().__init__(scope, id_)
        for key in _ACTIVE[settings.allocation_tags]:
            CeCostAllocationTag(self, key.replace(":", "-"), tag_key=key, status="Active")
