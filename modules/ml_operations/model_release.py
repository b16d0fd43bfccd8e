"""How versions of one model are released: the pipeline, its builds, and what they hand on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.s3_object import S3Object
from constructs import Construct

from modules.core.access_log_bucket import AccessLogBucket
from modules.core.assets import AssetHolder
from modules.core.bucket import Bucket, Retention
from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.core.object_tags import no_tags
from modules.core.wiring import holder
from modules.foundations.contract import BaselineContract
from modules.foundations.network.contract import SpokeContract
from modules.ml_operations import names
from modules.ml_operations.release_build import BuildPlace, ReleaseBuild, Run
from modules.ml_operations.release_notices import ReleaseNotices
from modules.ml_operations.release_permissions import CentralModel, becomes, reads_files, reads_tools, reads_versions
from modules.ml_operations.release_pipeline import ReleasePipeline
from modules.ml_operations.release_record import reads, writes
from modules.ml_operations.release_scripts import KEY, release_scripts
from modules.ml_operations.release_settings import ReleaseSettings
from modules.ml_operations.release_stages import ReleasePlace, steps

_RELEASE = "python3 -m modules.ml_operations.release"
_HASH = "$(sha256sum passport/passport.json | cut -d' ' -f1)"


class ModelRelease(Construct):
    """Releases of the project `project` of `team` to `places`: for test, for production, or for both.

    `approver` hears, by e-mail, of releases that wait for an approval. `passport` is what lets the build of that name
    collect evidence: its statements, and its variables; `sees_passport` lets the deployment to production read it.

    Guarantees:
    - each build has a role of its own, and only that of one stage becomes the roles there: what deploys to test cannot
      reach production;
    - the scripts are an archive with the same bytes for the same sources; nothing is installed while a release runs;
    - artefacts are encrypted, private and versioned, and kept for `keep_days`: as long a release can be taken back.

    Controls: CICD-01 to CICD-06, IAM-01, DATA-02 to DATA-06 (NIST 800-53 AC-5, AC-6, CM-3, SC-28).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: ReleaseSettings,
        project: str,
        team: str,
        approver: str,
        model: CentralModel,
        places: Sequence[ReleasePlace],
        external_id: str,
        network: SpokeContract,
        keys: BaselineContract,
        boundary_arn: str,
        passport: tuple[Sequence[Statement], Mapping[str, str]],
        sees_passport: Sequence[Statement],
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._settings, self._project, self._model = naming, settings, project, model
        key_arn, self._external_id = keys.key_arns["releases"], external_id
        bucket = Bucket(
            self,
            "bucket",
            naming=naming,
            what=names.release_bucket(project),
            key_arn=key_arn,
            retention=Retention(noncurrent_days=settings.keep_days),
            access_logs=AccessLogBucket(self, "access-logs", naming=naming, of=names.release_bucket(project)).name,
        )
        self._place = BuildPlace(
            network=network,
            bucket_arn=bucket.arn,
            key_arn=key_arn,
            log_key_arn=keys.key_arns["account-logs"],
            boundary_arn=boundary_arn,
        )
        self._common = {"PROJECT": project, "TEAM": team, "REGION": naming.region, "MODEL_GROUP_ARN": model.group_arn}
        self._names: dict[str, str] = {}
        self._prepare()
        for place in places:
            self._deploy(place, sees_passport if place.stage == "prod" else ())
            self._verify(place)
            for edge in (place.deploys, place.keeps_state):
                if edge is not None:
                    edge.render(holder(self), "builds")
        if any(place.stage == "prod" for place in places):
            self._passport(*passport)
        notices = ReleaseNotices(
            self, "notices", naming=naming, project=project, approver=approver, key_arn=keys.key_arns["messages"]
        )
        pipeline = ReleasePipeline(
            self,
            "pipeline",
            naming=naming,
            project=project,
            team=team,
            steps=steps([place.stage for place in places]),
            builds=self._names,
            bucket=bucket.name,
            source_key=self._source(bucket.name, key_arn),
            topic_arn=notices.topic_arn,
            approval_minutes=settings.approval_hours * 60,
            key_arn=key_arn,
            message_key_arn=keys.key_arns["messages"],
            boundary_arn=boundary_arn,
        )
        self.arn = pipeline.arn

    def _source(self, bucket: str, key_arn: str) -> str:
        archive = release_scripts()
        return S3Object(
            self,
            "scripts",
            bucket=bucket,
            key=KEY,
            source=cast(AssetHolder, TerraformStack.of(self)).add_asset("release.zip", archive.content),
            source_hash=archive.content_hash,
            content_type="application/zip",
            server_side_encryption="aws:kms",
            kms_key_id=key_arn,
            bucket_key_enabled=True,
            override_provider=no_tags(),
        ).key

    def _build(self, what: str, run: Run, environment: Mapping[str, str], statements: Sequence[Statement]) -> None:
        self._names[what] = ReleaseBuild(
            self,
            what,
            naming=self._naming,
            settings=self._settings,
            project=self._project,
            what=what,
            run=run,
            place=self._place,
            environment={**self._common, **environment},
            statements=statements,
        ).name

    def _prepare(self) -> None:
        naming, model = self._naming, self._model
        run = Run(f"{_RELEASE} prepare", self._settings.check_minutes, "out", {"VERSION": "$(cat out/VERSION)"})
        self._build(
            "prepare",
            run,
            {"MODELS_BUCKET": model.bucket, "TARGET": model.target},
            (*reads_versions(model), *reads_files(naming, model)),
        )

    def _deploy(self, place: ReleasePlace, sees_passport: Sequence[Statement]) -> None:
        naming, model, there = self._naming, self._model, place.naming
        deployer = there.role_arn(names.deployer(self._project))
        self._build(
            f"deploy-{place.stage}",
            Run(f"{_RELEASE} deploy", self._settings.deploy_minutes),
            {
                **self._where(place),
                "DEPLOY_ROLE": deployer,
                "PROVIDER_HASH": self._settings.tools.provider_hash,
                "RELEASES_TABLE": naming.name(names.RELEASES),
                "STACK_KEY": names.STACK_FILE,
                "STATE_ROLE": place.keeper_arn,
                "TERRAFORM_SHA256": self._settings.tools.terraform_sha256,
                "TOOLS_BUCKET": model.tools,
                "VERSION_PARAMETER": names.version_parameter(there, self._project),
                **({"PASSPORTS_BUCKET": naming.bucket(names.PASSPORTS)} if place.stage == "prod" else {}),
            },
            (
                *reads_versions(model),
                *reads_tools(naming, model),
                *reads(naming, ("dynamodb:GetItem",)),
                *writes(naming),
                becomes("DeployAndKeepState", deployer, place.keeper_arn),
                *sees_passport,
            ),
        )

    def _verify(self, place: ReleasePlace) -> None:
        settings, there = self._settings, place.naming
        verifier = there.role_arn(names.verifier(self._project))
        self._build(
            f"verify-{place.stage}",
            Run(f"{_RELEASE} verify", settings.verify_minutes, "out"),
            {
                **self._where(place),
                "CAPTURE_PREFIX": names.CAPTURE,
                "ENDPOINT": names.endpoint(there, self._project),
                "INPUT_PREFIX": names.INPUT,
                "MODE": place.served.mode,
                "OUTPUT_PREFIX": names.OUTPUT,
                "PATIENCE_SECONDS": str(settings.patience_minutes * 60),
                "TOLERANCE": f"{settings.tolerance:g}",
                "VERIFY_ROLE": verifier,
                **({"LATENCY_MS": str(place.served.slowest_ms)} if place.served.has_endpoint else {}),
            },
            (*reads_files(self._naming, self._model), becomes("Verify", verifier)),
        )

    def _passport(self, statements: Sequence[Statement], environment: Mapping[str, str]) -> None:
        command, exports = "python3 -m modules.ml_operations.passport issue", {"PASSPORT_SHA256": _HASH}
        run = Run(command, self._settings.check_minutes, "passport", exports)
        self._build("passport", run, environment, statements)

    def _where(self, place: ReleasePlace) -> dict[str, str]:
        return {
            "ACCOUNT": place.naming.account,
            # Of the pipeline's stages: test is given what Prepare found, production what the passport was added to.
            "CANDIDATE": "passport" if place.stage == "prod" else "prepared",
            "EXTERNAL_ID": self._external_id,
            "PLACE": place.stage,
            "SERVING_BUCKET": place.naming.bucket(names.serving_bucket(self._project)),
        }
