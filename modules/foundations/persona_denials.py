"""What personas must never do: the explicit denials of every permission set. A denial outweighs any grant."""

from __future__ import annotations

from collections.abc import Mapping

from modules.core.iam import Statement
from modules.foundations.access_roles import DATA_READS, OBJECT_READS, PARAMETER_READS
from modules.foundations.personas import APPROVER, PermissionSetName

# People read log events and parameters to do their work; the data itself stays closed to those who only run it.
_OPERATIONS = ("logs:", "ssm:")
_READS = (*DATA_READS, *OBJECT_READS, *PARAMETER_READS)
PEOPLE_DATA_READS = tuple(sorted(action for action in _READS if not action.startswith(_OPERATIONS)))
_IAM_WRITES = tuple(
    f"iam:{verb}*"
    for verb in ("Add", "Attach", "Create", "Delete", "Detach", "Put", "Remove", "Set", "Tag", "Untag", "Update")
)
_KEY_WRITES = (
    "kms:CreateKey",
    "kms:DeleteAlias",
    "kms:DeleteImportedKeyMaterial",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:ImportKeyMaterial",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:UpdateAlias",
)
_DEPLOYMENTS = (
    "codepipeline:PutApprovalResult",
    "codepipeline:StartPipelineExecution",
    "sagemaker:CreateEndpoint",
    "sagemaker:CreateEndpointConfig",
    "sagemaker:CreateModel",
    "sagemaker:StartPipelineExecution",
    "sagemaker:UpdateEndpoint",
    "sagemaker:UpdateEndpointWeightsAndCapacities",
)
_TRAINING = (
    "sagemaker:CreateAutoMLJob",
    "sagemaker:CreateAutoMLJobV2",
    "sagemaker:CreateHyperParameterTuningJob",
    "sagemaker:CreateTrainingJob",
)
_PROJECTS = ("sagemaker:CreateProject", "servicecatalog:ProvisionProduct")
_RECORDS = (
    "cloudtrail:DeleteTrail",
    "cloudtrail:StopLogging",
    "cloudtrail:UpdateTrail",
    "config:DeleteConfigurationRecorder",
    "config:StopConfigurationRecorder",
    "guardduty:DeleteDetector",
    "logs:DeleteLogGroup",
    "securityhub:DisableSecurityHub",
)

# Guardrails change by a reviewed merge alone: who edits them in the management account is bound by them elsewhere.
_GUARDRAILS = (
    "organizations:AttachPolicy",
    "organizations:CreatePolicy",
    "organizations:DeletePolicy",
    "organizations:DetachPolicy",
    "organizations:DisablePolicyType",
    "organizations:MoveAccount",
    "organizations:UpdatePolicy",
)
_MERGES = (
    "codecommit:MergePullRequest*",
    "codecommit:OverridePullRequestApprovalRules",
    "codecommit:UpdatePullRequestApprovalState",
)


def _never(sid: str, *actions: str) -> Statement:
    return Statement(sid, actions=actions, resources=("*",), effect="Deny")


_NEVER_READ = _never("NeverReadData", *PEOPLE_DATA_READS)
_OWN: Mapping[PermissionSetName, tuple[Statement, ...]] = {
    "break-glass": (_never("NeverTheRecords", *_RECORDS), _never("NeverMerge", *_MERGES)),
    "cloud-administrator": (_NEVER_READ, _never("NeverGuardrails", *_GUARDRAILS)),
    "data-engineer": (),
    "data-lake-administrator": (_NEVER_READ,),
    "data-scientist": (_never("NeverProjects", *_PROJECTS),),
    "executive": (_NEVER_READ,),
    "ml-engineer": (_never("NeverTrain", *_TRAINING), _never("NeverApproveReleases", "codepipeline:PutApprovalResult")),
    "ml-governance-lead": (_NEVER_READ, _never("NeverDeploy", *_DEPLOYMENTS)),
    "ml-platform-administrator": (_NEVER_READ,),
    "ml-reader": (_NEVER_READ, _never("NeverDeploy", *_DEPLOYMENTS), _never("NeverTrain", *_TRAINING)),
    "ml-team-lead": (_never("NeverRegister", "sagemaker:CreateModelPackage"),),
    "security-auditor": (_NEVER_READ,),
}


def denials(name: PermissionSetName) -> tuple[Statement, ...]:
    """The denials of a permission set: identities and keys for everyone, approval for all but the approver."""
    everyone = (_never("NeverIdentities", *_IAM_WRITES), _never("NeverKeys", *_KEY_WRITES))
    approval = () if name == APPROVER else _never_approve()
    return (*everyone, *approval, *_OWN[name])


def _never_approve() -> tuple[Statement, ...]:
    """No change of an approval, and no registration of a model that is approved from the start."""
    return (
        Statement(
            "NeverApprove",
            actions=("sagemaker:UpdateModelPackage",),
            resources=("*",),
            effect="Deny",
            conditions={"Null": {"sagemaker:ModelApprovalStatus": "false"}},
        ),
        Statement(
            "NeverRegisterApproved",
            actions=("sagemaker:CreateModelPackage",),
            resources=("*",),
            effect="Deny",
            conditions={"StringEquals": {"sagemaker:ModelApprovalStatus": ("Approved", "Rejected")}},
        ),
    )
