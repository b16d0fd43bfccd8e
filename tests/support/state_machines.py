"""Running definitions of Step Functions: moto's interpreter does what AWS does, against moto."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from moto import mock_aws

REGION, ACCOUNT = "eu-west-1", "123456789012"  # moto's
EXECUTES = mock_aws(config={"stepfunctions": {"execute_state_machine": True}})
_PATIENCE = 20.0  # seconds
_ENDED = ("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")


@dataclass(frozen=True)
class Run:
    """How an execution ended, and the states that it entered."""

    status: str
    error: str | None
    states: list[str]


def run(definition: Mapping[str, Any], given: Mapping[str, Any], name: str = "machine") -> Run:
    """The definition carried out on the input `given`, inside `EXECUTES`. Retries wait no time."""
    states = boto3.client("stepfunctions", region_name=REGION)
    machine = states.create_state_machine(
        name=name, definition=json.dumps(_at_once(definition)), roleArn=f"arn:aws:iam::{ACCOUNT}:role/machine"
    )["stateMachineArn"]
    execution = states.start_execution(stateMachineArn=machine, input=json.dumps(given))["executionArn"]
    until = time.monotonic() + _PATIENCE
    while (described := states.describe_execution(executionArn=execution))["status"] not in _ENDED:
        assert time.monotonic() < until, f"{name} runs for more than {_PATIENCE} s"
        time.sleep(0.02)
    history = states.get_execution_history(executionArn=execution)["events"]
    states.delete_state_machine(stateMachineArn=machine)
    entered = [event["stateEnteredEventDetails"]["name"] for event in history if "stateEnteredEventDetails" in event]
    return Run(described["status"], described.get("error"), entered)


def faults(definition: Mapping[str, Any]) -> list[str]:
    """What AWS would refuse of the states: where they lead, whether they are reached, what each kind must have."""
    states, found = definition["States"], []
    reached, waiting = set(), [definition["StartAt"]]
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        if name not in states:
            found.append(f"there is no state {name}")
            continue
        waiting += _leads_to(states[name])
        found += [f"{name}: {fault}" for fault in _wrong(states[name])]
    return found + [f"{name} is never reached" for name in states if name not in reached]


def _leads_to(state: Mapping[str, Any]) -> list[str]:
    further = [state[key] for key in ("Next", "Default") if key in state]
    return further + [each["Next"] for key in ("Choices", "Catch") for each in state.get(key, ())]


def _wrong(state: Mapping[str, Any]) -> list[str]:
    kind = state["Type"]
    needs = {"Task": {"Resource"}, "Choice": {"Choices", "Default"}, "Fail": {"Error", "Cause"}}.get(kind, set())
    wrong = [f"lacks {key}" for key in sorted(needs - state.keys())]
    ends = ("Next" in state) + bool(state.get("End"))
    if kind in ("Task", "Pass", "Wait") and ends != 1:
        wrong.append("must either go on or end")
    if kind in ("Choice", "Succeed", "Fail") and ends:
        wrong.append(f"a state of the type {kind} neither goes on nor ends")
    if kind == "Task" and not state.get("Retry"):
        wrong.append("tries nothing again")
    return wrong


def _at_once(value: Any) -> Any:
    """The same with the shortest pauses."""
    if isinstance(value, Mapping):
        paused = {"IntervalSeconds": 1, "MaxAttempts": 1} if "IntervalSeconds" in value else {}
        if value.get("Type") == "Wait":
            paused = {"Seconds": 1}
        return {key: _at_once(each) for key, each in value.items()} | paused
    return [_at_once(each) for each in value] if isinstance(value, list) else value
