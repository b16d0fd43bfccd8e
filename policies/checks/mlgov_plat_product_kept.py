"""What people launch keeps what cannot be had back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policies.checks.base import Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.expectation import Problem
from policies.template import Template, of
from policies.translation import KEPT

# What holds data, or reads what does. RetainExceptOnCreate lets go of what a launch that failed has made.
STATEFUL = (
    "AWS::CodeCommit::Repository",
    "AWS::DynamoDB::Table",
    "AWS::ECR::Repository",
    "AWS::EFS::FileSystem",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
    "AWS::RDS::DBInstance",
    "AWS::S3::Bucket",
    "AWS::SageMaker::Domain",
    "AWS::SageMaker::FeatureGroup",
    "AWS::SageMaker::MlflowTrackingServer",
    "AWS::SageMaker::ModelPackageGroup",
    "AWS::SageMaker::Space",
    "AWS::SageMaker::UserProfile",
)


class PlatProductKept(StackCheck):
    """Data, keys and models stay when a product is terminated or changed; left out, CloudFormation deletes them."""

    policy = "CKV_MLGOV_456"
    title = "Product of Service Catalog keeps data, keys and models"
    control = "PLAT-08"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.templates()

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        return holds(*_problems(of(subject)))


def _problems(template: Template) -> Iterator[Problem]:
    for name, kind, block in template.resources():
        for policy, good in KEPT.items():
            if kind in STATEFUL and block.get(policy, "Delete") not in good:
                yield f"{template.where(name)}: {policy} is {block.get(policy, 'Delete')}, not {' or '.join(good)}"


check = PlatProductKept()
