"""CloudTrail: what a trail selects. Terraform asks for the selectors of a trail only when it says that it has some."""

from __future__ import annotations

from typing import Any

from moto.cloudtrail.models import Trail

from delivery.emulator.service import Service

SERVICE = Service("cloudtrail")


@SERVICE.mend
def a_trail_tells_that_it_selects() -> None:
    """moto says of every trail that it selects nothing, so an imported one would seem to."""
    write = Trail.description

    def description(self: Any, *arguments: Any, **options: Any) -> dict[str, Any]:
        result: dict[str, Any] = write(self, *arguments, **options)
        result["HasCustomEventSelectors"] = bool(self.event_selectors or self.advanced_event_selectors)
        result["HasInsightSelectors"] = bool(self.insight_selectors)
        return result

    Trail.description = description


@SERVICE.mend
def selectors_replace_those_before() -> None:
    """moto adds the insights of every put to those that are there."""

    def put_insight_selectors(self: Any, insight_selectors: list[dict[str, str]]) -> None:
        self.insight_selectors = list(insight_selectors)

    Trail.put_insight_selectors = put_insight_selectors
