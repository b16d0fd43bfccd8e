"""What a passport needs: each piece of evidence that is missing is named, and all of them at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from modules.ml_operations.passport.evidence import gaps
from modules.ml_operations.passport.model import (
    Approval,
    Approvals,
    Baseline,
    BiasReport,
    Card,
    Check,
    Demands,
    Evidence,
    ExplainabilityReport,
    File,
    Finding,
    Image,
    IntegrationTest,
    Manifest,
    Reports,
    Scan,
    Waiver,
)

ARN = "arn:aws:sagemaker:eu-west-1:999999999999:model-package/acme-prod-fraud-card-fraud/3"
TODAY = date(2026, 11, 23)
_SESSION = "arn:aws:sts::{account}:assumed-role/{role}/{name}"
BUILD = _SESSION.format(account="111111111111", role="acme-dev-fraud-pipeline", name="SageMaker")
SYNC = _SESSION.format(account="999999999999", role="acme-prod-model-sync", name="promote")
MACHINE = _SESSION.format(account="999999999999", role="acme-prod-release", name="build")
DEMANDS = Demands(
    project="card-fraud",
    team="fraud",
    risk="high",
    metric="roc_auc",
    at_least=0.85,
    at_most=None,
    facets=("last_channel",),
    baselines=("data-quality", "model-quality", "model-explainability", "model-bias"),
    lineage=("commit", "dataset", "query_sha256"),
    features=("card-velocity",),
    approvers=2,
    card="Approved",
    refuses=("CRITICAL",),
    waivers=(Waiver("CVE-2026-0001", "2026-12-31", "not reachable from the handler"),),
    publishers=("141502667606",),
    tested=True,
)


def person(name: str, account: str) -> str:
    """The session of a team lead."""
    return _SESSION.format(account=account, role="AWSReservedSSO_mlgov-ml-team-lead_0a1b", name=name)


IN_DEV = Approval(person("ada", "111111111111"), "2026-11-20T09:00:00+00:00")
CENTRAL = Approval(person("grace", "999999999999"), "2026-11-21T09:00:00+00:00")
EVIDENCE = Evidence(
    model_package_arn=ARN,
    source_version="arn:aws:sagemaker:eu-west-1:111111111111:model-package/acme-dev-fraud-card-fraud/7",
    status="Approved",
    execution_id="e-1",
    approvals=Approvals(BUILD, IN_DEV, SYNC, CENTRAL),
    manifest=Manifest("a" * 64, "a" * 64, (File("model/model.tar.gz", 10, "b" * 64, "b" * 64),), (), ()),
    reports=Reports(
        evaluation="metrics/evaluation.json",
        metric=0.91,
        data_bias=BiasReport("metrics/data-bias.json", ("last_channel",)),
        model_bias=BiasReport("metrics/model-bias.json", ("last_channel",)),
        explanations=ExplainabilityReport("metrics/explanations.json", 4),
    ),
    baselines=(
        Baseline("data-quality", "baselines/data-quality/statistics.json", "baselines/data-quality/constraints.json"),
        Baseline(
            "model-quality", "baselines/model-quality/statistics.json", "baselines/model-quality/constraints.json"
        ),
        Baseline("model-explainability", None, "baselines/model-explainability/constraints.json"),
        Baseline("model-bias", None, "baselines/model-bias/constraints.json"),
    ),
    lineage={
        "project": "card-fraud",
        "team": "fraud",
        "commit": "c0ffee",
        "dataset": "payments.cards.card_payment",
        "query_sha256": "d" * 64,
        "feature_groups": "card-velocity",
    },
    images=(Image("141502667606.dkr.ecr.eu-west-1.amazonaws.com/xgb@sha256:e", "141502667606", "sha256:e", None),),
    card=Card("acme-prod-fraud-card-fraud", 5, "Approved", "High", "fraud@acme.example"),
    test=IntegrationTest("e-1", ARN, True, (Check("answers", True, "20 of 20"),)),
)
OWN = Image("999999999999.dkr.ecr.eu-west-1.amazonaws.com/ml@sha256:f", "999999999999", "sha256:f", None)


def _approvals(**changes: Any) -> Evidence:
    return replace(EVIDENCE, approvals=replace(EVIDENCE.approvals, **changes))


def _manifest(**changes: Any) -> Evidence:
    assert EVIDENCE.manifest is not None
    return replace(EVIDENCE, manifest=replace(EVIDENCE.manifest, **changes))


def _reports(**changes: Any) -> Evidence:
    return replace(EVIDENCE, reports=replace(EVIDENCE.reports, **changes))


def _card(**changes: Any) -> Evidence:
    assert EVIDENCE.card is not None
    return replace(EVIDENCE, card=replace(EVIDENCE.card, **changes))


def _test(**changes: Any) -> Evidence:
    assert EVIDENCE.test is not None
    return replace(EVIDENCE, test=replace(EVIDENCE.test, **changes))


def _scanned(status: str, *findings: Finding) -> Evidence:
    return replace(EVIDENCE, images=(replace(OWN, scan=Scan(status, {"CRITICAL": len(findings)}, findings)),))


def _lineage(**changes: str) -> Evidence:
    return replace(EVIDENCE, lineage={**EVIDENCE.lineage, **changes})


FILE = File("model/model.tar.gz", 10, "b" * 64, "b" * 64)
# What is wrong -> the evidence, the item that is told, and a word of what is told.
MISSING: dict[str, tuple[Evidence, str, str]] = {
    "not approved": (replace(EVIDENCE, status="Rejected"), "central approval", "Rejected"),
    "nobody known in the centre": (_approvals(central=None), "central approval", "does not say who"),
    "a machine approved": (_approvals(central=Approval(MACHINE, CENTRAL.at)), "central approval", "is no person"),
    "no author": (_approvals(author=None), "author", "does not say who made"),
    "no approval in dev": (_approvals(development=None), "approval in dev", "names nobody"),
    "the author approved": (_approvals(author=IN_DEV.by), "approval in dev", "has made the version, too"),
    "the author in another account": (
        _approvals(author=person("Grace", "111111111111")),
        "central approval",
        "has made the version, too",
    ),
    "one person approved twice": (
        _approvals(central=Approval(person("ada", "999999999999"), CENTRAL.at)),
        "approvers",
        "2 different people",
    ),
    "no manifest": (replace(EVIDENCE, manifest=None), "manifest", "there is none"),
    "another manifest": (_manifest(approved="0" * 64), "manifest", "the registry says 000"),
    "no hash in the registry": (_manifest(approved=None), "manifest", "says nothing"),
    "an empty manifest": (_manifest(files=()), "files", "names none"),
    "a file is gone": (_manifest(files=(replace(FILE, found=None),)), "files", "missing in the bucket"),
    "a file was changed": (_manifest(files=(replace(FILE, found="0" * 44),)), "files", "hashes to 000"),
    "a file elsewhere": (_manifest(outside=("s3://other/m.tar.gz",)), "files", "loads s3://other/m.tar.gz"),
    "a file too many": (_manifest(unlisted=("model/other",)), "files", "model/other lies"),
    "no metric": (_reports(metric=None), "metric", "no value of roc_auc"),
    "a metric too low": (_reports(metric=0.84), "metric", "0.84, and must be at least 0.85"),
    "no explanations": (_reports(explanations=None), "explainability report", "has none"),
    "empty explanations": (
        _reports(explanations=ExplainabilityReport("metrics/explanations.json", 0)),
        "explainability report",
        "explains nothing",
    ),
    "no bias of the data": (_reports(data_bias=None), "bias report of the data", "has none"),
    "no bias of the model": (_reports(model_bias=None), "bias report of the model", "has none"),
    "bias of another facet": (
        _reports(model_bias=BiasReport("metrics/model-bias.json", ("age",))),
        "bias report of the model",
        "nothing for last_channel",
    ),
    "no baseline": (replace(EVIDENCE, baselines=EVIDENCE.baselines[:3]), "baseline model-bias", "constraints"),
    "no statistics": (
        replace(EVIDENCE, baselines=(replace(EVIDENCE.baselines[0], statistics=None), *EVIDENCE.baselines[1:])),
        "baseline data-quality",
        "statistics",
    ),
    "no source": (replace(EVIDENCE, source_version=None), "lineage", "of which one in dev"),
    "no query": (_lineage(query_sha256=""), "lineage", "its query_sha256"),
    "of another project": (_lineage(project="other"), "lineage", "says other as its project"),
    "no feature group": (_lineage(feature_groups=""), "lineage", "card-velocity"),
    "no image": (replace(EVIDENCE, images=()), "image", "names no container"),
    "no digest": (
        replace(EVIDENCE, images=(replace(EVIDENCE.images[0], digest=None),)),
        "image",
        "without its digest",
    ),
    "no scan": (replace(EVIDENCE, images=(OWN,)), "image scan", "has none"),
    "a scan that failed": (_scanned("FAILED"), "image scan", "is FAILED"),
    "a critical finding": (_scanned("ACTIVE", Finding("CVE-2026-9", "CRITICAL")), "image scan", "CVE-2026-9, CRITICAL"),
    "no card": (replace(EVIDENCE, card=None), "model card", "there is none"),
    "a card in review": (_card(status="PendingReview"), "model card", "must be Approved"),
    "a card of less risk": (_card(risk="Low"), "model card", "Low as risk, which is high"),
    "a card without owner": (_card(owner=None), "model card", "no owner"),
    "no test": (replace(EVIDENCE, test=None), "integration test", "no result"),
    "the test of another execution": (_test(execution_id="e-0"), "integration test", "of the execution e-0"),
    "the test of another version": (_test(model_package_arn=f"{ARN}0"), "integration test", "not of this version"),
    "a test of nothing": (_test(checks=()), "integration test", "checked nothing"),
    "a check that failed": (_test(checks=(Check("answers", False, "3 of 20"),)), "integration test", "answers failed"),
    "a test that says so": (_test(passed=False), "integration test", "says that it has failed"),
    "no execution": (replace(_test(execution_id=""), execution_id=""), "execution", "nobody knows"),
}


def test_whole_evidence_lacks_nothing() -> None:
    """A version with all that its project needs may go to production."""
    assert gaps(EVIDENCE, DEMANDS, TODAY) == ()


@pytest.mark.parametrize("wrong", MISSING)
def test_each_piece_that_is_missing_is_named_alone(wrong: str) -> None:
    """One thing that is wrong is told under its name, with what to do, and nothing else is."""
    evidence, item, words = MISSING[wrong]
    (gap,) = gaps(evidence, DEMANDS, TODAY)
    assert gap.item == item
    assert words in gap.what
    assert gap.remedy


def test_all_that_is_missing_is_told_at_once() -> None:
    """No rule stops another: every item of a version that lacks all of it is named."""
    nothing = replace(
        EVIDENCE,
        status="PendingManualApproval",
        approvals=Approvals(None, None, None, None),
        manifest=None,
        reports=Reports(None, None, None, None, None),
        baselines=(),
        source_version=None,
        lineage={},
        images=(),
        card=None,
        test=None,
        execution_id="",
    )
    found = {gap.item for gap in gaps(nothing, DEMANDS, TODAY)}
    assert found == {item for _, item, _ in MISSING.values()} - {"files", "image scan", "approvers"} | {
        f"baseline {kind}" for kind in DEMANDS.baselines
    }


def test_a_waived_finding_is_tolerated_until_its_day_and_no_longer() -> None:
    """The waiver holds through its day; the day after the release stops and says when it ran out."""
    evidence = _scanned("ACTIVE", Finding("CVE-2026-0001", "CRITICAL"))
    assert gaps(evidence, DEMANDS, date(2026, 12, 31)) == ()
    (gap,) = gaps(evidence, DEMANDS, date(2027, 1, 1))
    assert "run out on 2026-12-31" in gap.what


def test_less_is_asked_of_a_model_of_less_risk() -> None:
    """Where one approver and a card in review are enough, one person may approve in dev and centrally."""
    less = replace(DEMANDS, risk="low", approvers=1, card="PendingReview", facets=(), baselines=DEMANDS.baselines[:3])
    evidence = replace(
        _approvals(central=Approval(person("ada", "999999999999"), CENTRAL.at)),
        card=Card("card", 1, "PendingReview", "Low", "fraud@acme.example"),
        reports=replace(EVIDENCE.reports, data_bias=None, model_bias=None),
    )
    assert gaps(evidence, less, TODAY) == ()


def test_without_a_place_for_test_there_is_no_integration_test_to_show() -> None:
    """An account that is both for test and production tests nothing before; a result that is there must be good."""
    demands = replace(DEMANDS, tested=False)
    assert gaps(replace(EVIDENCE, test=None), demands, TODAY) == ()
    assert gaps(_test(passed=False), demands, TODAY)


def test_a_metric_that_is_better_the_lower_has_an_upper_bound() -> None:
    """`at_most` refuses what is above, and takes what is just it."""
    demands = replace(DEMANDS, metric="rmse", at_least=None, at_most=2.0)
    assert gaps(_reports(metric=2.0), demands, TODAY) == ()
    (gap,) = gaps(_reports(metric=2.5), demands, TODAY)
    assert "must be at most 2" in gap.what
