"""Every endpoint of production keeps what it is asked and answers."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.expectation import equal, within
from policies.sagemaker import in_production


class SmEndpointCapture(StackCheck):
    """Capture is on, in both directions, of one request in a hundred or more; left out, nothing is kept.

    A serverless endpoint cannot capture: in production it needs a waiver.
    """

    policy = "CKV_MLGOV_136"
    title = "SageMaker endpoint of production captures requests and answers"
    control = "SM-36"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_sagemaker_endpoint_configuration")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        if not in_production(stack):
            return NOT_APPLICABLE
        modes = {str(option.literal("capture_mode")) for option in subject.at("data_capture_config.capture_options")}
        both = "InputAndOutput" in modes or {"Input", "Output"} <= modes
        return holds(
            equal(subject, "data_capture_config.enable_capture", True, absent="false"),
            within(subject, "data_capture_config.initial_sampling_percentage", 1),
            None if both else "data_capture_config.capture_options does not name both Input and Output",
        )


check = SmEndpointCapture()
