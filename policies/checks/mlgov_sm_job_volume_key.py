"""Volumes of the jobs of a pipeline are under a key of the organisation."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.key import customer_key
from policies.pipeline import jobs
from policies.sagemaker import on_local_disks


class SmJobVolumeKey(StackCheck):
    """Each job names a key for its volumes; left out, AWS takes its own.

    Jobs on local disks alone are left out: SageMaker refuses them a key. A parameter is no key, as who starts the
    pipeline sets it.
    """

    policy = "CKV_MLGOV_122"
    title = "SageMaker pipeline encrypts volumes of jobs under a customer-managed key"
    control = "SM-22"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_sagemaker_pipeline")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        problems = [
            job.says(customer_key(job.request, f"{job.compute}.VolumeKmsKeyId"))
            for job in jobs(subject)
            if not job.instance_types or not all(on_local_disks(type_) for type_ in job.instance_types)
        ]
        return holds(*problems) if problems else NOT_APPLICABLE


check = SmJobVolumeKey()
