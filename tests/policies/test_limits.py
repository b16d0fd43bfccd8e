"""Limits stand in `limits.yaml` alone; where a guardrail or a rule of AWS must repeat one, it says the same."""

from __future__ import annotations

from modules.core import lf_tags
from policies.catalogue import shipped
from policies.limits import limits


def _tests(control: str, key: str) -> list[object]:
    preventive = shipped().control(control).preventive
    assert preventive is not None
    return [
        keys[key]
        for denial in preventive.statements
        for keys in denial.conditions.values()
        if keys.get(key) is not None
    ]


def test_guardrails_hold_costs_to_the_limits_of_the_policies() -> None:
    """What SageMaker is denied in the accounts is what the policies fail in the stacks: types, concurrency, memory."""
    assert _tests("COST-01", "sagemaker:InstanceTypes") == [limits().costly_instance_types]
    assert _tests("COST-02", "sagemaker:ServerlessMaxConcurrency") == [str(limits().serverless_concurrency)]
    assert _tests("COST-02", "sagemaker:ServerlessMemorySize") == [str(limits().serverless_memory_mb)]


def test_rules_about_backups_ask_for_the_days_of_the_policies() -> None:
    """AWS Config finds plans and recovery points that are kept shorter than the policies demand, and no others."""
    wanted = {"BKP-01": limits().backup_days, "BKP-02": limits().locked_backup_days}
    for control, days in wanted.items():
        (point,) = (point for point in shipped().control(control).detective if point.parameters)
        assert point.parameters == {"requiredRetentionDays": str(days)}


def test_the_vocabulary_of_the_policies_is_that_of_the_lake() -> None:
    """Each key of the ontology with its values; whose names are values, domains and feature groups, is any name."""
    made = lf_tags.vocabulary(["*"], ["*"])
    assert limits().lf_tags == {key: list(values) for key, values in made.items()}
