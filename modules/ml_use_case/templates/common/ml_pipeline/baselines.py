"""Baselines that SageMaker Model Monitor computes: what data and predictions looked like when the model was made."""

from __future__ import annotations

import json
from typing import Any

from ml_pipeline.clarify import PREDICTED
from ml_pipeline.jobs import Request, files, processing_job
from ml_pipeline.problem import BINARY
from ml_pipeline.settings import Settings

_DATASET, _RESULTS = "/opt/ml/processing/input/baseline_dataset_input", "/opt/ml/processing/output"
STATISTICS, CONSTRAINTS = "statistics.json", "constraints.json"


def data_quality(settings: Settings, instance_type: Any, image: str, dataset: Any, output: Any) -> Request:
    """The job that describes the columns of the dataset."""
    return _analyzer(settings, instance_type, image, dataset, output, {})


def model_quality(
    settings: Settings, instance_type: Any, image: str, dataset: Any, output: Any, problem: str
) -> Request:
    """The job that describes how well the predictions tell the target."""
    columns = {
        "analysis_type": "MODEL_QUALITY",
        "problem_type": problem,
        "inference_attribute": PREDICTED,
        "ground_truth_attribute": settings.target,
    }
    if problem == BINARY:
        columns["probability_attribute"] = "probability"
    return _analyzer(settings, instance_type, image, dataset, output, columns)


def bias(settings: Settings, instance_type: Any, image: str, dataset: Any, configuration: str, output: Any) -> Request:
    """The job of Clarify that measures bias as the configuration says. It runs on one machine."""
    return processing_job(
        settings,
        instance_type=instance_type,
        instance_count=1,
        image=image,
        inputs=[
            files("analysis_config", configuration, "/opt/ml/processing/input/config"),
            files("dataset", dataset, "/opt/ml/processing/input/data"),
        ],
        outputs={"analysis_result": (_RESULTS, output)},
    )


def _analyzer(
    settings: Settings, instance_type: Any, image: str, dataset: Any, output: Any, environment: dict[str, str]
) -> Request:
    return processing_job(
        settings,
        instance_type=instance_type,
        image=image,
        inputs=[files("baseline_dataset_input", dataset, _DATASET)],
        outputs={"monitoring_output": (_RESULTS, output)},
        environment={
            "dataset_format": json.dumps({"csv": {"header": True, "output_columns_position": "START"}}),
            "dataset_source": _DATASET,
            "output_path": _RESULTS,
            "publish_cloudwatch_metrics": "Disabled",
            **environment,
        },
    )
