"""AWS's own accounts from which the templates' models take their containers, by region. No cdktf here.

The registry of SageMaker's images for XGBoost and scikit-learn, and that of AWS's Deep Learning Containers.
https://docs.aws.amazon.com/sagemaker/latest/dg-ecr-paths/sagemaker-algo-docker-registry-paths.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

AWS_REGISTRIES: Mapping[str, Sequence[str]] = {
    "af-south-1": ("510948584623", "626614931356"),
    "ap-east-1": ("651117190479", "871362719292"),
    "ap-northeast-1": ("354813040037", "763104351884"),
    "ap-northeast-2": ("366743142698", "763104351884"),
    "ap-northeast-3": ("364406365360", "867004704886"),
    "ap-south-1": ("720646828776", "763104351884"),
    "ap-south-2": ("628508329040", "772153158452"),
    "ap-southeast-1": ("121021644041", "763104351884"),
    "ap-southeast-2": ("763104351884", "783357654285"),
    "ap-southeast-3": ("907027046896", "951798379941"),
    "ap-southeast-4": ("106583098589", "457447274322"),
    "ca-central-1": ("341280168497", "763104351884"),
    "ca-west-1": ("190319476487", "204538143572"),
    "cn-north-1": ("450853457545", "727897471807"),
    "cn-northwest-1": ("451049120500", "727897471807"),
    "eu-central-1": ("492215442770", "763104351884"),
    "eu-central-2": ("380420809688", "680994064768"),
    "eu-north-1": ("662702820516", "763104351884"),
    "eu-south-1": ("692866216735", "978288397137"),
    "eu-south-2": ("104374241257", "503227376785"),
    "eu-west-1": ("141502667606", "763104351884"),
    "eu-west-2": ("763104351884", "764974769150"),
    "eu-west-3": ("659782779980", "763104351884"),
    "il-central-1": ("780543022126", "898809789911"),
    "me-central-1": ("272398656194", "914824155844"),
    "me-south-1": ("217643126080", "801668240914"),
    "sa-east-1": ("737474898029", "763104351884"),
    "us-east-1": ("683313688378", "763104351884"),
    "us-east-2": ("257758044811", "763104351884"),
    "us-gov-east-1": ("237065988967", "446045086412"),
    "us-gov-west-1": ("414596584902", "442386744353"),
    "us-iso-east-1": ("833128469047", "886529160074"),
    "us-isob-east-1": ("094389454867", "281123927165"),
    "us-isof-east-1": ("108575199400",),
    "us-isof-south-1": ("124985052026",),
    "us-west-1": ("746614075791", "763104351884"),
    "us-west-2": ("246618743249", "763104351884"),
}
