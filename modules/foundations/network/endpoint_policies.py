"""What may pass an endpoint: requests of the organisation's own identities to the organisation's own resources.

The form is that of AWS's data perimeter policy examples. AWS itself owns some of what a workload needs; each such
exception names its actions and resources.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modules.core.iam import ANYONE, Statement, policy_document
from modules.core.naming import Naming

PRINCIPAL, RESOURCE = "aws:PrincipalOrgID", "aws:ResourceOrgID"


@dataclass(frozen=True, slots=True)
class Perimeter:
    """The organisation as endpoint policies know it, and the accounts beside it whose images may be pulled."""

    partition: str
    region: str
    organization_id: str
    image_accounts: Sequence[str]

    @classmethod
    def of(cls, naming: Naming, organization_id: str, image_accounts: Sequence[str]) -> Perimeter:
        """The organisation in the partition and region of `naming`."""
        return cls(naming.partition, naming.region, organization_id, image_accounts)

    def policy(self, service: str) -> str:
        """The endpoint policy of `service`, by its name in `endpoint_services`, or `s3` or `dynamodb`."""
        return policy_document(
            Statement(
                "OwnIdentitiesToOwnResources",
                actions=("*",),
                resources=("*",),
                principals=ANYONE,
                conditions={"StringEquals": {PRINCIPAL: self.organization_id, RESOURCE: self.organization_id}},
            ),
            Statement(  # CloudTrail delivering, Config reading: AWS's services on behalf of the organisation
                "AwsServices",
                actions=("*",),
                resources=("*",),
                principals=ANYONE,
                conditions={"Bool": {"aws:PrincipalIsAWSService": "true"}},
            ),
            *self._exceptions(service),
        )

    def _exceptions(self, service: str) -> tuple[Statement, ...]:
        match service:
            case "s3":
                # ECR and SSM hand out signed links to these, so who asks is not one of the organisation's identities.
                return (
                    Statement(
                        "AssetsOfAws",
                        actions=("s3:GetObject",),
                        resources=tuple(f"arn:{self.partition}:s3:::{bucket}/*" for bucket in self._buckets()),
                        principals=ANYONE,
                    ),
                )
            case "ecr.api" | "ecr.dkr":
                return (self._images(),)
            case "ssm":
                return (
                    self._of_aws(
                        "PublicParametersAndDocuments",
                        ("ssm:DescribeDocument", "ssm:GetDocument", "ssm:GetParameter", "ssm:GetParameters"),
                        f"arn:{self.partition}:ssm:{self.region}::parameter/aws/*",
                        f"arn:{self.partition}:ssm:{self.region}::document/AWS-*",
                    ),
                )
            case "sts":
                # Whoever brings a token of an identity provider is nobody of the organisation until the role is theirs.
                return (
                    Statement(
                        "FederatedIntoOwnRoles",
                        actions=("sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"),
                        resources=("*",),
                        principals=ANYONE,
                        conditions={"StringEquals": {RESOURCE: self.organization_id}},
                    ),
                )
            case "bedrock" | "bedrock-runtime":
                return (
                    self._of_aws(
                        "FoundationModels",
                        (
                            "bedrock:GetFoundationModel",
                            "bedrock:InvokeModel",
                            "bedrock:InvokeModelWithResponseStream",
                        ),
                        f"arn:{self.partition}:bedrock:*::foundation-model/*",
                    ),
                )
            case "sagemaker.api":
                return (
                    self._of_aws(
                        "PublicHub",
                        ("sagemaker:DescribeHub", "sagemaker:DescribeHubContent", "sagemaker:ListHubContents"),
                        f"arn:{self.partition}:sagemaker:{self.region}:aws:hub/SageMakerPublicHub",
                        f"arn:{self.partition}:sagemaker:{self.region}:aws:hub-content/SageMakerPublicHub/*",
                    ),
                )
            case _:
                return ()

    def _of_aws(self, sid: str, actions: Sequence[str], *resources: str) -> Statement:
        """What is AWS's own, for the organisation's identities."""
        return Statement(
            sid,
            actions=actions,
            resources=resources,
            principals=ANYONE,
            conditions={"StringEquals": {PRINCIPAL: self.organization_id}},
        )

    def _images(self) -> Statement:
        return self._of_aws(
            "ImagesOfOthers",
            ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
            *(f"arn:{self.partition}:ecr:*:{account}:repository/*" for account in self.image_accounts),
        )

    def _buckets(self) -> tuple[str, ...]:
        """AWS's buckets: layers of images, SSM agent and patch baselines, Amazon Linux, SageMaker JumpStart."""
        region = self.region
        return (
            f"prod-{region}-starport-layer-bucket",
            f"amazon-ssm-{region}",
            f"aws-ssm-{region}",
            f"patch-baseline-snapshot-{region}",
            f"al2023-repos-{region}-de612dc2",
            f"amazonlinux-2-repos-{region}",
            f"jumpstart-cache-prod-{region}",
        )
