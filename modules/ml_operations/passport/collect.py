"""The evidence of a release as AWS has it: registry, files, images, card, and what the integration test said.

What is not there is left out, and `evidence.gaps` tells; a call that is denied or fails raises, and nothing is issued.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from modules.ml_operations import layout
from modules.ml_operations.cards import describing
from modules.ml_operations.passport import reports
from modules.ml_operations.passport.files import Files
from modules.ml_operations.passport.images import images
from modules.ml_operations.passport.model import (
    Approval,
    Approvals,
    Baseline,
    BiasReport,
    Card,
    Demands,
    Evidence,
    ExplainabilityReport,
    IntegrationTest,
    PassportError,
    Reports,
)


@dataclass(frozen=True, slots=True)
class Collector:
    """Finds the evidence that `demands` ask for, by clients of SageMaker, S3 and ECR in the central registry's account.

    Guarantees:
    - it trusts what the registry says of a version and what bytes hash to, and nothing that an earlier stage said;
    - it writes nothing.
    """

    sagemaker: Any
    s3: Any
    ecr: Any
    demands: Demands

    def evidence(self, model_package_arn: str, execution_id: str, test: IntegrationTest | None) -> Evidence:
        """The evidence of this version. Raises PassportError when it was not promoted, so that it has no files."""
        package = self.sagemaker.describe_model_package(ModelPackageName=model_package_arn)
        metadata: Mapping[str, str] = package.get("CustomerMetadataProperties", {})
        if not metadata.get(layout.FILES):
            raise PassportError(f"{model_package_arn} does not say where its files are: it was not promoted from dev")
        files = Files(self.s3, metadata[layout.FILES])
        found = package.get("ModelMetrics", {})
        return Evidence(
            model_package_arn=model_package_arn,
            source_version=metadata.get(layout.SOURCE_VERSION),
            status=package.get("ModelApprovalStatus", ""),
            execution_id=execution_id,
            approvals=_approvals(package, files),
            manifest=files.manifest(metadata.get(layout.MANIFEST_HASH), _loaded(package)),
            reports=self._reports(files, found),
            baselines=tuple(_baseline(files, kind) for kind in self.demands.baselines),
            lineage=dict(sorted(metadata.items())),
            images=images(self.ecr, package, model_package_arn.split(":")[4], self.demands),
            card=self._card(package["ModelPackageGroupName"], model_package_arn),
            test=test,
        )

    def _reports(self, files: Files, found: Mapping[str, Any]) -> Reports:
        evaluation = files.path(_uri(found, "ModelQuality", "Statistics"))
        explained = files.path(_uri(found, "Explainability", "Report"))
        return Reports(
            evaluation=evaluation,
            metric=reports.metric(files.json(evaluation), self.demands.metric),
            data_bias=_bias(files, _uri(found, "Bias", "PreTrainingReport"), "data_bias"),
            model_bias=_bias(files, _uri(found, "Bias", "PostTrainingReport"), "model_bias"),
            explanations=ExplainabilityReport(explained, reports.explained(files.json(explained)))
            if explained
            else None,
        )

    def _card(self, name: str, model_package_arn: str) -> Card | None:
        found = describing(self.sagemaker, name, model_package_arn)
        if found is None:
            return None
        return Card(
            name=name,
            version=found.number,
            status=found.status,
            risk=found.content.get("intended_uses", {}).get("risk_rating"),
            owner=found.content.get("model_overview", {}).get("model_owner"),
        )


def _approvals(package: Mapping[str, Any], files: Files) -> Approvals:
    by = _who(package.get("LastModifiedBy"))
    at = package.get("LastModifiedTime")
    central = None
    if package.get("ModelApprovalStatus") == "Approved" and by and at:
        central = Approval(by, at.astimezone(UTC).isoformat(timespec="seconds"))
    return Approvals(files.author, files.approval, _who(package.get("CreatedBy")), central)


def _loaded(package: Mapping[str, Any]) -> Iterator[str]:
    """What every container of the version loads: its model, by whichever of two fields says so, and more sources."""
    for container in package.get("InferenceSpecification", {}).get("Containers", ()):
        yield from (uri for uri in (container.get("ModelDataUrl"),) if uri)
        for source in (
            container.get("ModelDataSource", {}).get("S3DataSource"),
            container.get("AdditionalS3DataSource"),
        ):
            yield from (source["S3Uri"],) if source else ()


def _who(context: Mapping[str, Any] | None) -> str | None:
    found: str | None = (context or {}).get("IamIdentity", {}).get("Arn")
    return found


def _uri(metrics: Mapping[str, Any], kind: str, what: str) -> str | None:
    found: str | None = metrics.get(kind, {}).get(what, {}).get("S3Uri")
    return found


def _bias(files: Files, uri: str | None, what: str) -> BiasReport | None:
    path = files.path(uri)
    return BiasReport(path, reports.bias(files.json(path), what)) if path else None


def _baseline(files: Files, kind: layout.MonitorKind) -> Baseline:
    statistics, constraints = (
        files.path(layout.baseline(files.folder, kind, what)) for what in (layout.STATISTICS, layout.CONSTRAINTS)
    )
    return Baseline(
        kind,
        statistics=statistics if files.json(statistics) else None,
        constraints=constraints if files.json(constraints) else None,
    )
