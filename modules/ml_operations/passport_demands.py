"""What a release of one project needs, from its file and the settings. No cdktf here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modules.core.naming import Naming
from modules.ml_operations import names
from modules.ml_operations.layout import MonitorKind
from modules.ml_operations.passport.bundle import to_json
from modules.ml_operations.passport.model import Demands, Waiver
from modules.ml_operations.passport_settings import PassportSettings, Risk

# What the build of every model writes into a version's metadata (templates/common/ml_pipeline/registration.py) and,
# of models that learn from a table of the data lake, the query that read it.
LINEAGE = ("code", "commit", "dataset", "execution", "run", "template")
QUERIED = ("dataset_table", "query_sha256")
# The first two are measured for every model, the last by the columns of `facets`.
_MONITORED: tuple[MonitorKind, ...] = ("data-quality", "model-quality", "model-explainability")


@dataclass(frozen=True, slots=True)
class JudgedModel:
    """What a project's file says of its model, as far as its release asks. One of the bounds of `metric` is set.

    `queried`: it learns from a table of the data lake; `features`: joined with these groups. `tested`: it is served in
    a place for test before production.
    """

    project: str
    team: str
    risk: Risk
    metric: str
    at_least: float | None
    at_most: float | None
    facets: tuple[str, ...]
    queried: bool
    features: tuple[str, ...]
    tested: bool


def environment(
    naming: Naming, model: JudgedModel, settings: PassportSettings, publishers: Sequence[str]
) -> Mapping[str, str]:
    """What the stage Passport is told, by variables of its build: `passport/__main__.py` reads them."""
    wanted = to_json(demands(model, settings, publishers)).decode().strip()
    return {"PASSPORT_DEMANDS": wanted, "PASSPORT_BUCKET": naming.bucket(names.PASSPORTS)}


def demands(model: JudgedModel, settings: PassportSettings, publishers: Sequence[str]) -> Demands:
    """What its release needs. `publishers`: accounts whose images are used without a scan of ours."""
    risk = settings.by_risk[model.risk]
    return Demands(
        project=model.project,
        team=model.team,
        risk=model.risk,
        metric=model.metric,
        at_least=model.at_least,
        at_most=model.at_most,
        facets=tuple(sorted(model.facets)),
        baselines=(*_MONITORED, "model-bias") if model.facets else _MONITORED,
        lineage=tuple(sorted((*LINEAGE, *QUERIED))) if model.queried else LINEAGE,
        features=tuple(sorted(model.features)),
        approvers=risk.approvers,
        card=risk.card,
        refuses=risk.refuses,
        waivers=tuple(Waiver(each.finding, each.until, each.reason) for each in settings.waivers),
        publishers=tuple(publishers),
        tested=model.tested,
    )
