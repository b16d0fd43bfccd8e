"""The central model registry of an account: a group for each project's model, its files, and who finds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.sagemaker_model_package_group import SagemakerModelPackageGroup
from cdktf_cdktf_provider_aws.sagemaker_model_package_group_policy import SagemakerModelPackageGroupPolicy
from constructs import Construct

from modules.core.access_log_bucket import AccessLogBucket
from modules.core.bucket import Bucket, ObjectLock, Retention
from modules.core.cloud_control.model_card import ModelCard
from modules.core.iam import policy_document
from modules.core.key import Key
from modules.core.naming import Naming
from modules.core.resource_share import ResourceShare
from modules.core.wiring import holder
from modules.ml_platform.card_content import card_content
from modules.ml_platform.models_settings import ModelsSettings
from modules.ml_platform.names import MODEL_BUCKET, MODEL_KEY, model_group_arns, model_group_name
from modules.ml_platform.registered_model import ModelReader, RegisteredModel
from modules.ml_platform.registry_policies import bucket_statements, group_statement, key_statements

# AWS's managed permission with the very actions of the groups' policies: describe, list, make a model of a version.
DEPLOY = "AWSRAMPermissionSageMakerModelPackageGroupAllowDeploy"


class ModelRegistry(Construct):
    """Groups of model packages and model cards for `models`, the bucket `ml-models`, and what opens them to `readers`.

    A group and its card are called `<organisation>-<environment>-<team>-<project>`. In the bucket lie the files of
    versions, below `models/<team>/`, exports of cards, below `cards/`, and what the hub holds, below `hub/`.

    Guarantees:
    - a team's other accounts find its groups, and read and deploy versions; nobody else's account does;
    - files are read by the roles of the team's jobs and endpoints that are named, below the team's prefix alone;
    - no policy here lets anybody register, approve, move or delete a version;
    - a file of a model cannot be overwritten or deleted for `lock_days`, but by who may bypass governance;
    - groups, cards, bucket and key stay when their lines leave the configuration.

    Controls: SM-44, SM-45, SM-46, DATA-09, DATA-18 (NIST 800-53 AC-3, AC-6, AC-21, SI-12).
    https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-ram.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: ModelsSettings,
        models: Sequence[RegisteredModel],
        readers: Sequence[ModelReader],
        organization_id: str,
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._readers = naming, readers
        key = Key(
            self,
            "key",
            naming=naming,
            purpose=MODEL_KEY,
            statements=list(key_statements(holder(self), naming, readers, organization_id)),
        )
        self.key_arn, self._key_alias = key.arn, key.alias
        self.bucket: ITerraformDependable = Bucket(
            self,
            "files",
            naming=naming,
            what=MODEL_BUCKET,
            key_arn=self.key_arn,
            retention=Retention(noncurrent_days=settings.lock_days),
            access_logs=AccessLogBucket(self, "access-logs", naming=naming, of=MODEL_BUCKET).name,
            lock=ObjectLock("GOVERNANCE", settings.lock_days),
            statements=list(bucket_statements(holder(self), naming, readers, organization_id)),
        ).resource
        # Scopes of their own: a project or a team may be called like anything else here.
        registered, shares = Construct(self, "models"), Construct(self, "shares")
        made = {model.project: self._register(registered, model) for model in models}
        for team in sorted({reader.team for reader in readers}):
            self._share(shares, team, [model for model in models if model.team == team], made)

    def _register(self, scope: Construct, model: RegisteredModel) -> list[ITerraformDependable]:
        naming, place = self._naming, Construct(scope, model.project)
        name, tags = model_group_name(naming, model.team, model.project), {"Team": model.team, "Project": model.project}
        group = SagemakerModelPackageGroup(
            place,
            "group",
            model_package_group_name=name,
            # SageMaker changes no description, and Terraform would make the group anew: what may change, the card says.
            model_package_group_description=f"Versions of {model.project}, which {model.team} builds",
            tags=tags,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
        )
        ModelCard(place, "card", name=name, content=card_content(model, name), key=self._key_alias, tags=tags)
        readers = [reader for reader in self._readers if reader.team == model.team]
        if not readers:
            return [group]
        policy = SagemakerModelPackageGroupPolicy(
            place,
            "policy",
            model_package_group_name=group.model_package_group_name,
            resource_policy=policy_document(group_statement(holder(self), naming, model, readers)),
        )
        return [group, policy]

    def _share(
        self,
        scope: Construct,
        team: str,
        models: Sequence[RegisteredModel],
        made: Mapping[str, Sequence[ITerraformDependable]],
    ) -> None:
        readers = [reader for reader in self._readers if reader.team == team]
        ResourceShare(
            scope,
            team,
            naming=self._naming,
            what=f"{team}-models",
            permission=DEPLOY,
            resources={model.project: model_group_arns(self._naming, team, model.project)[0] for model in models},
            accounts={reader.account: reader.account_id for reader in readers},
            after=[resource for model in models for resource in made[model.project]],
        )
        for reader in readers:
            reader.edge.render(holder(self), "share")
