"""The project's pipeline: query, prepare, train, evaluate, baselines, bias, gate, register. Same source, same bytes."""

from __future__ import annotations

import json
from typing import Any

from sagemaker.core.helper.pipeline_variable import PipelineVariable
from sagemaker.core.workflow.conditions import ConditionGreaterThanOrEqualTo, ConditionLessThanOrEqualTo
from sagemaker.core.workflow.execution_variables import ExecutionVariables
from sagemaker.core.workflow.functions import Join, JsonGet
from sagemaker.core.workflow.parameters import ParameterString
from sagemaker.core.workflow.properties import PropertyFile
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.fail_step import FailStep
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.steps import StepTypeEnum

from ml_pipeline import baselines, clarify
from ml_pipeline.code import Code
from ml_pipeline.jobs import CODE, Request, files, processing_job, training_job
from ml_pipeline.problem import REPORTS
from ml_pipeline.registration import lineage, model_package, under
from ml_pipeline.settings import Settings
from ml_pipeline.steps import RequestStep
from ml_pipeline.template import HYPERPARAMETERS, LOGGED_METRICS, Images, channels, inference

_WORK = "/opt/ml/processing"
_PREPARED = ("train", "validation", "test", "baseline", "bias", "lineage")
_JUDGED = ("evaluation", "predictions", "explanations", "samples")


class Definition:
    """The pipeline of a project for a commit. `text` is what CreatePipeline takes.

    Guarantees: every job is of jobs.py; nothing is registered below the gate; a new version waits for approval; a run
    writes where no other run writes, by the parameter Run, which has no default; no clock and no chance is in it.
    """

    def __init__(self, settings: Settings, code: Code, images: Images, problem: str, commit: str, session: Any) -> None:
        self._settings, self._code, self._images, self._problem, self._commit = settings, code, images, problem, commit
        self._run = ParameterString(name="Run")
        self._processing = ParameterString(name="ProcessingInstanceType", default_value=settings.processing.type)
        self._training = ParameterString(name="TrainingInstanceType", default_value=settings.training.type)
        self._input = ParameterString(name="InputData", default_value=settings.data.get("uri", ""))
        self._pipeline = Pipeline(
            name=settings.pipeline_name,
            parameters=[self._run, self._processing, self._training, *self._own_input()],
            pipeline_experiment_config=None,
            steps=self._steps(),
            sagemaker_session=session,
        )

    @property
    def text(self) -> str:
        """The definition as JSON with sorted keys."""
        return json.dumps(json.loads(self._pipeline.definition()), sort_keys=True, indent=1)

    def _own_input(self) -> list[ParameterString]:
        return [self._input] if self._settings.data["kind"] == "files" else []

    def _under(self, *parts: str) -> Join:
        return under(self._settings, self._run, *parts)

    def _steps(self) -> list[Any]:
        lineage_file = PropertyFile(name="Lineage", output_name="lineage", path="lineage.json")
        report = PropertyFile(name="Evaluation", output_name="evaluation", path="evaluation.json")
        asked = self._asked()
        prepare = RequestStep(
            "Prepare",
            StepTypeEnum.PROCESSING,
            self._prepare(),
            "Checks and splits the data",
            depends_on=asked,
            property_files=[lineage_file],
        )
        train = RequestStep("Train", StepTypeEnum.TRAINING, self._train(), "Learns from the data", depends_on=[prepare])
        model = train.properties.ModelArtifacts.S3ModelArtifacts
        evaluate = RequestStep(
            "Evaluate",
            StepTypeEnum.PROCESSING,
            self._evaluate(model),
            "Judges and explains the model by data that it has not seen",
            depends_on=[prepare],
            property_files=[report],
        )
        settings, monitor = self._settings, self._images.monitor
        data_quality = RequestStep(
            "DataQualityBaseline",
            StepTypeEnum.PROCESSING,
            baselines.data_quality(
                settings, self._processing, monitor, self._under("prepare", "baseline"), self._under("data-quality")
            ),
            "Describes the data, so that drift is seen",
            depends_on=[prepare],
        )
        model_quality = RequestStep(
            "ModelQualityBaseline",
            StepTypeEnum.PROCESSING,
            baselines.model_quality(
                settings,
                self._processing,
                monitor,
                self._under("evaluate", "predictions"),
                self._under("model-quality"),
                self._problem,
            ),
            "Describes the predictions, so that decay is seen",
            depends_on=[evaluate],
        )
        checks = [data_quality, model_quality, *self._bias(prepare, evaluate)]
        gate = self._gate(report, model, lineage_file)
        gate.add_depends_on(checks)
        return [*asked, prepare, train, evaluate, *checks, gate]

    def _prepare(self) -> Request:
        return self._script("prepare.py", inputs={"data": self._data()}, outputs=_PREPARED, place="prepare")

    def _data(self) -> Request:
        source = self._input if self._settings.data["kind"] == "files" else self._under("query")
        return files("data", source, f"{_WORK}/data")

    def _asked(self) -> list[RequestStep]:
        """The step that brings what the query answers; none where the data are files of the team."""
        if self._settings.data["kind"] == "files":
            return []
        request = self._script("query.py", inputs={}, outputs=("query",), place="", isolated=False)
        return [RequestStep("Query", StepTypeEnum.PROCESSING, request, "Asks Athena for the data")]

    def _train(self) -> Request:
        code = {"code": f"{self._code.uri}/steps"}
        data = {name: self._under("prepare", name) for name in ("train", "validation")}
        return training_job(
            self._settings,
            instance_type=self._training,
            image=self._images.training,
            command=["python3", "/opt/ml/input/data/code/train.py"],
            channels={**code, **data, **channels(self._settings)},
            hyperparameters=HYPERPARAMETERS,
            metrics=LOGGED_METRICS,
            output=self._under("train"),
        )

    def _evaluate(self, model: PipelineVariable) -> Request:
        inputs = {
            "model": files("model", model, f"{_WORK}/model"),
            "test": files("test", self._under("prepare", "test"), f"{_WORK}/test"),
        }
        return self._script("evaluate.py", inputs=inputs, outputs=_JUDGED, place="evaluate")

    def _script(
        self, name: str, *, inputs: dict[str, Request], outputs: tuple[str, ...], place: str, isolated: bool = True
    ) -> Request:
        folders = {each: f"{_WORK}/{each}" for each in (*inputs, *outputs)}
        arguments = [text for each, folder in folders.items() for text in (f"--{each}", folder)]
        return processing_job(
            self._settings,
            instance_type=self._processing,
            instance_count=1,
            image=self._images.processing,
            command=["python3", f"{CODE}/{name}", *arguments],
            inputs=[files("code", f"{self._code.uri}/steps", CODE), *inputs.values()],
            outputs={each: (folders[each], self._under(*filter(None, (place, each)))) for each in outputs},
            isolated=isolated,
        )

    def _bias(self, prepare: RequestStep, evaluate: RequestStep) -> list[RequestStep]:
        if not self._settings.facets:
            return []
        what = {
            "DataBias": ("pre_training_bias", self._under("prepare", "bias"), "data-bias", prepare),
            "ModelBias": ("post_training_bias", self._under("evaluate", "predictions"), "model-bias", evaluate),
        }
        return [
            RequestStep(
                name,
                StepTypeEnum.PROCESSING,
                baselines.bias(
                    self._settings,
                    self._processing,
                    self._images.clarify,
                    dataset,
                    f"{self._code.uri}/{clarify.FOLDERS[method]}/analysis_config.json",
                    self._under(place),
                ),
                f"Measures {method.replace('_', ' ')} with SageMaker Clarify",
                depends_on=[after],
            )
            for name, (method, dataset, place, after) in what.items()
        ]

    def _gate(self, report: PropertyFile, model: PipelineVariable, lineage_file: PropertyFile) -> ConditionStep:
        gate = self._settings.gate
        path = f"{REPORTS[self._problem]}.{gate.metric}.value"
        measured = JsonGet(step_name="Evaluate", property_file=report, json_path=path)
        if gate.at_least is not None:
            condition: Any = ConditionGreaterThanOrEqualTo(left=measured, right=gate.at_least)
        else:
            condition = ConditionLessThanOrEqualTo(left=measured, right=gate.at_most)
        message = [f"The model is not registered: the project demands {gate}, the evaluation measured", measured]
        return ConditionStep(
            name="Gate",
            description=f"Demands {gate}, as the project's file says",
            conditions=[condition],
            if_steps=[self._register(model, lineage_file)],
            else_steps=[
                FailStep(
                    name="BelowGate", error_message=Join(on=" ", values=message), description="Says what was missed"
                )
            ],
        )

    def _register(self, model: PipelineVariable, lineage_file: PropertyFile) -> RequestStep:
        outputs: dict[str, Any] = {
            "evaluation": self._under("evaluate", "evaluation"),
            "explanations": self._under("evaluate", "explanations"),
            "samples": self._under("evaluate", "samples"),
            "data_quality": self._under("data-quality"),
            "model_quality": self._under("model-quality"),
        }
        if self._settings.facets:
            outputs |= {"data_bias": self._under("data-bias"), "model_bias": self._under("model-bias")}
        known = lineage(
            self._settings, self._commit, self._run, ExecutionVariables.PIPELINE_EXECUTION_ARN, self._code.uri
        )
        measured = {
            "dataset_sha256": JsonGet(step_name="Prepare", property_file=lineage_file, json_path="sha256"),
            "dataset_rows": JsonGet(step_name="Prepare", property_file=lineage_file, json_path="rows"),
        }
        request = model_package(
            self._settings,
            inference=inference(self._images.inference, model),
            outputs=outputs,
            lineage=known | measured,
            commit=self._commit,
        )
        return RequestStep(
            "Register", StepTypeEnum.REGISTER_MODEL, request, "Registers a version that waits for approval"
        )
