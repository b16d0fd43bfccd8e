"""Control Tower's controls by readable name: the name stands in YAML, the opaque identifier goes to AWS. No cdktf here.

Identifiers are those of the Control Catalog, which are the same in every region (AWS Control Tower Controls Reference
Guide, "All global identifiers"). `mlgov` names a control by what it does; `code` is AWS's own name for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# Stands for the governed regions in a parameter.
REGIONS = "{regions}"
Parameter = bool | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Control:
    """One control. Detective ones are AWS Config rules, so they need Control Tower's integration of AWS Config.

    `parameters` are sent unless YAML sets others.
    """

    code: str
    identifier: str
    behaviour: Literal["preventive", "detective", "proactive"]
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    def arn(self, partition: str) -> str:
        """The ARN by which the control is enabled."""
        return f"arn:{partition}:controlcatalog:::control/{self.identifier}"


CONTROLS: Mapping[str, Control] = {
    # Proactive: CloudFormation hooks that refuse a resource before it is made (Service Catalog products, for one).
    "bucket-encrypted-by-kms": Control("CT.S3.PR.10", "b7p5zuz380l9pblepsai1u6an", "proactive"),
    "bucket-public-access-block": Control("CT.S3.PR.1", "8uk3vrotlr08jfb0cbxp5klbs", "proactive"),
    "bucket-tls-only": Control("CT.S3.PR.8", "bjycx3imkp5f2dxkbf842mhy4", "proactive"),
    "function-not-public": Control("CT.LAMBDA.PR.2", "9yksb96puyx3sy9rpmpvxa9np", "proactive"),
    "key-rotation": Control("CT.KMS.PR.1", "2revak523sghuta5v2e4tg2np", "proactive"),
    "notebook-in-own-vpc": Control("CT.SAGEMAKER.PR.2", "e832sfwz1eeru2ivf1b9r31qz", "proactive"),
    "notebook-without-direct-internet": Control("CT.SAGEMAKER.PR.1", "by3ykpgv0a73qqv1k8jksf8q0", "proactive"),
    "notebook-without-root": Control("CT.SAGEMAKER.PR.3", "cu3a2h6bg8a0bjtmzyqmmfa4l", "proactive"),
    # Preventive: service control policies. Ours (`policies/controls/`) say the same, so none is on by default.
    "region-deny": Control(
        "CT.MULTISERVICE.PV.1", "ka8e3pkqefnjsxuyc26ji580", "preventive", {"AllowedRegions": (REGIONS,)}
    ),
    # Root sessions from the management account must stay possible: that is how member accounts' roots are managed.
    "root-user-does-nothing": Control(
        "AWS-GR_RESTRICT_ROOT_USER", "5kvme4m5d2b4d7if2fs5yg2ui", "preventive", {"ExemptAssumeRoot": True}
    ),
    "root-user-without-keys": Control(
        "AWS-GR_RESTRICT_ROOT_USER_ACCESS_KEYS", "8ui9y3oace2513xarz8aqojl7", "preventive"
    ),
    # Detective: AWS Config rules.
    "detect-notebook-with-direct-internet": Control(
        "AWS-GR_SAGEMAKER_NOTEBOOK_NO_DIRECT_INTERNET_ACCESS", "66gfl06uj1v999z53szvu0exa", "detective"
    ),
    "detect-public-read": Control("AWS-GR_S3_BUCKET_PUBLIC_READ_PROHIBITED", "8sw3pbid15t9cbww8d2w2qwgf", "detective"),
    "detect-public-write": Control(
        "AWS-GR_S3_BUCKET_PUBLIC_WRITE_PROHIBITED", "9j9nwxj789d82sypnukhyyowy", "detective"
    ),
    "detect-root-user-without-mfa": Control(
        "AWS-GR_ROOT_ACCOUNT_MFA_ENABLED", "24izmu4k16gv9tvd7sexnyrfy", "detective"
    ),
    "detect-unencrypted-volumes": Control("AWS-GR_ENCRYPTED_VOLUMES", "503uicglhjkokaajywfpt6ros", "detective"),
}
