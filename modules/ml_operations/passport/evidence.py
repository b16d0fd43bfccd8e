"""What is missing in the evidence of a release, in words. Pure: each rule tells all it finds, none stops another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from modules.ml_operations.identity import behind, person
from modules.ml_operations.layout import MonitorKind
from modules.ml_operations.passport.model import Approval, Demands, Evidence, Gap, Image

# Clarify's baselines are constraints alone.
_WITH_STATISTICS: tuple[MonitorKind, ...] = ("data-quality", "model-quality")
_SCANNED = ("ACTIVE", "COMPLETE")  # by Inspector for as long as the image is kept, or once
_CARD_STEPS = ("Draft", "PendingReview", "Approved")
_AGAIN = "Build the version anew, and have it approved"


def gaps(evidence: Evidence, demands: Demands, today: date) -> tuple[Gap, ...]:
    """All that is missing; empty when the version may be released. `today` decides which waivers hold."""
    found = [gap for rule in _RULES for gap in rule(evidence, demands)]
    return (*found, *_images(evidence, demands, today))


def _approvals(evidence: Evidence, demands: Demands) -> Iterator[Gap]:
    approvals, status = evidence.approvals, evidence.status
    if status != "Approved":
        remedy = "A team lead approves it in the central registry"
        yield Gap("central approval", f"the version is {status or 'without a status'}", remedy)
    elif approvals.central is None:
        yield Gap("central approval", "the registry does not say who approved it", "A team lead approves it again")
    else:
        yield from _approver("central approval", approvals.central, (approvals.author, approvals.registered_by))
    if approvals.author is None:
        yield Gap("author", "the manifest does not say who made the version", "Have the version promoted again")
    if approvals.development is None:
        yield Gap("approval in dev", "the manifest names nobody who gave it", "Have the version promoted again")
    else:
        yield from _approver("approval in dev", approvals.development, (approvals.author,))
    given = [each for each in (approvals.development, approvals.central) if each is not None]
    people = {person(each.by) for each in given}
    if len(given) == 2 and None not in people and len(people) < demands.approvers:
        yield Gap(
            "approvers",
            f"{demands.approvers} different people must approve a model of {demands.risk} risk, and there is "
            f"{', '.join(sorted(filter(None, people)))}",
            "Another team lead approves it in the central registry",
        )


def _approver(item: str, approval: Approval, makers: tuple[str | None, ...]) -> Iterator[Gap]:
    remedy = "A team lead who has not made the version approves it"
    if person(approval.by) is None:
        yield Gap(item, f"{approval.by} is no person", remedy)
    for maker in filter(None, makers):
        if behind(maker) == behind(approval.by):
            yield Gap(item, f"{approval.by} has made the version, too", remedy)


def _files(evidence: Evidence, _: Demands) -> Iterator[Gap]:
    manifest, remedy = evidence.manifest, "Have the version promoted again: what was approved is not what lies there"
    if manifest is None:
        yield Gap("manifest", "there is none in the folder of the version", remedy)
        return
    if manifest.approved != manifest.sha256:
        told = manifest.approved or "nothing"
        yield Gap("manifest", f"it hashes to {manifest.sha256}, and the registry says {told}", remedy)
    if not manifest.files:
        yield Gap("files", "the manifest names none", remedy)
    for file in manifest.files:
        if file.found is None:
            yield Gap("files", f"{file.path} is missing in the bucket", remedy)
        elif file.found != file.checksum:
            yield Gap("files", f"{file.path} hashes to {file.found}, and the manifest says {file.checksum}", remedy)
    for uri in manifest.outside:
        yield Gap("files", f"the version loads {uri}, which lies outside of its folder", remedy)
    for path in manifest.unlisted:
        yield Gap("files", f"{path} lies in the folder and is not in the manifest", remedy)


def _metric(evidence: Evidence, demands: Demands) -> Iterator[Gap]:
    name, value = demands.metric, evidence.reports.metric
    if value is None:
        where = evidence.reports.evaluation or "the version, which names no evaluation,"
        yield Gap("metric", f"{where} has no value of {name}", _AGAIN)
    elif demands.at_least is not None and value < demands.at_least:
        yield Gap("metric", f"{name} is {value:g}, and must be at least {demands.at_least:g}", _AGAIN)
    elif demands.at_most is not None and value > demands.at_most:
        yield Gap("metric", f"{name} is {value:g}, and must be at most {demands.at_most:g}", _AGAIN)


def _reports(evidence: Evidence, demands: Demands) -> Iterator[Gap]:
    explanations = evidence.reports.explanations
    if explanations is None:
        yield Gap("explainability report", "the version has none", _AGAIN)
    elif not explanations.explained:
        yield Gap("explainability report", f"{explanations.path} explains nothing", _AGAIN)
    kinds = {
        "bias report of the data": evidence.reports.data_bias,
        "bias report of the model": evidence.reports.model_bias,
    }
    for item, report in kinds.items() if demands.facets else ():
        if report is None:
            yield Gap(item, "the version has none", _AGAIN)
        elif missing := sorted(set(demands.facets) - set(report.measured)):
            yield Gap(item, f"{report.path} measures nothing for {', '.join(missing)}", _AGAIN)


def _baselines(evidence: Evidence, demands: Demands) -> Iterator[Gap]:
    found = {baseline.kind: baseline for baseline in evidence.baselines}
    for kind in demands.baselines:
        baseline = found.get(kind)
        if baseline is None or not baseline.constraints:
            yield Gap(f"baseline {kind}", "its constraints are missing or empty", _AGAIN)
        if kind in _WITH_STATISTICS and (baseline is None or not baseline.statistics):
            yield Gap(f"baseline {kind}", "its statistics are missing or empty", _AGAIN)


def _lineage(evidence: Evidence, demands: Demands) -> Iterator[Gap]:
    if not evidence.source_version:
        yield Gap(
            "lineage", "the version does not say of which one in dev it is a copy", "Have the version promoted again"
        )
    for key in demands.lineage:
        if not evidence.lineage.get(key):
            yield Gap("lineage", f"the version does not say its {key}", _AGAIN)
    for key, wanted in (("project", demands.project), ("team", demands.team)):
        if (told := evidence.lineage.get(key)) != wanted:
            yield Gap("lineage", f"the version says {told or 'nothing'} as its {key}, which is {wanted}", _AGAIN)
    used = {name.strip() for name in evidence.lineage.get("feature_groups", "").split(",")}
    if missing := sorted(set(demands.features) - used):
        yield Gap("lineage", f"the version does not name the feature groups {', '.join(missing)}", _AGAIN)


def _images(evidence: Evidence, demands: Demands, today: date) -> Iterator[Gap]:
    waived = {waiver.finding: waiver.until for waiver in demands.waivers}
    if not evidence.images:
        yield Gap("image", "the version names no container", _AGAIN)
    for image in evidence.images:
        if image.digest is None:
            yield Gap("image", f"{image.uri} is named without its digest", "Have the version promoted again")
        if image.registry not in demands.publishers:
            yield from _scan(image, waived, today)


def _scan(image: Image, waived: Mapping[str, str], today: date) -> Iterator[Gap]:
    scan, remedy = image.scan, "Build the image with it mended, or have it waived in ml_operations.passport.waivers"
    if scan is None:
        yield Gap(
            "image scan",
            f"{image.uri} has none",
            "Use an image of AWS's, or one in the central repositories, which are scanned",
        )
        return
    if scan.status not in _SCANNED:
        yield Gap("image scan", f"that of {image.uri} is {scan.status}", "Wait until it is done, or have it looked at")
    for finding in scan.findings:
        until = waived.get(finding.id)
        if until is None:
            yield Gap("image scan", f"{image.uri} has {finding.id}, {finding.severity}", remedy)
        elif date.fromisoformat(until) < today:
            yield Gap("image scan", f"{image.uri} has {finding.id}, whose waiver has run out on {until}", remedy)


def _card(evidence: Evidence, demands: Demands) -> Iterator[Gap]:
    card, remedy = evidence.card, "ML governance mends the card, or has it reviewed"
    if card is None:
        yield Gap("model card", "there is none", remedy)
        return
    steps = _CARD_STEPS[_CARD_STEPS.index(demands.card) :]
    if card.status not in steps:
        yield Gap("model card", f"{card.name} is {card.status}, and must be {' or '.join(steps)}", remedy)
    if (card.risk or "").lower() != demands.risk:
        yield Gap("model card", f"{card.name} says {card.risk or 'nothing'} as risk, which is {demands.risk}", remedy)
    if not card.owner:
        yield Gap("model card", f"{card.name} names no owner", remedy)


def _test(evidence: Evidence, demands: Demands) -> Iterator[Gap]:
    test, remedy = evidence.test, "Start the release again, so that the version is tested"
    if test is None and not demands.tested:
        return
    if test is None:
        yield Gap("integration test", "it has left no result", remedy)
        return
    if test.execution_id != evidence.execution_id:
        yield Gap("integration test", f"its result is of the execution {test.execution_id}, not of this one", remedy)
    if test.model_package_arn != evidence.model_package_arn:
        yield Gap("integration test", f"its result is of {test.model_package_arn}, not of this version", remedy)
    if not test.checks:
        yield Gap("integration test", "it has checked nothing", remedy)
    for check in test.checks:
        if not check.passed:
            yield Gap("integration test", f"{check.name} failed: {check.detail}", "Mend what fails, and release again")
    if not test.passed and all(check.passed for check in test.checks):
        yield Gap("integration test", "it says that it has failed", remedy)


def _execution(evidence: Evidence, _: Demands) -> Iterator[Gap]:
    if not evidence.execution_id:
        yield Gap("execution", "nobody knows in which execution of the pipeline this is", "Release by the pipeline")


_RULES: tuple[Callable[[Evidence, Demands], Iterator[Gap]], ...] = (
    _approvals,
    _files,
    _metric,
    _reports,
    _baselines,
    _lineage,
    _card,
    _test,
    _execution,
)
