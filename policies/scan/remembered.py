"""Computes once what checkov and the IAM libraries below it compute again for every block of every stack.

Only functions of their arguments alone are remembered, so that no judgement depends on what was scanned before. Two
of checkov's are made so first: expressions share no table of names, and none reads the clock.
"""

from __future__ import annotations

import functools
import pickle
from collections.abc import Callable
from types import ModuleType
from typing import Any

from checkov.terraform.checks.utils.base_cloudsplaining_iam_scanner import BaseTerraformCloudsplainingIAMScanner
from checkov.terraform.graph_builder.variable_rendering import evaluate_terraform, safe_eval_functions
from cloudsplaining.scan import statement_detail

EXPRESSIONS, ACTION_LISTS = 4_096, 256  # entries; a list of actions may hold all of AWS
PLAIN = (str, int, float, bool, type(None))


def install() -> None:
    """Put the remembering functions in the place of checkov's, once for the process."""
    if isinstance(safe_eval_functions.SAFE_EVAL_DICT, _Names):
        return
    # An expression of the moment is none of the stack: it stays unresolved, and a policy that needs it fails.
    names = {name: found for name, found in safe_eval_functions.SAFE_EVAL_DICT.items() if name != "timestamp"}
    safe_eval_functions.SAFE_EVAL_DICT = _Names(names)
    safe_eval_functions.get_asteval = _interpreter
    for name in ("evaluate_terraform", "_try_evaluate"):
        _replace(evaluate_terraform, name, _of_text)
    for name in (
        "determine_actions_to_expand",
        "remove_wildcard_only_actions",
        "remove_actions_not_matching_access_level",
    ):
        _replace(statement_detail, name, _of_actions)


def forget_documents() -> None:
    """Forget the policy documents of the last stack: checkov knows them by file, type and name alone."""
    BaseTerraformCloudsplainingIAMScanner.policy_document_cache.clear()


class _Names(dict[str, Any]):
    """The functions an expression may call."""


def _interpreter() -> Any:
    # A table of its own: `a = 1` in one expression would otherwise give `a` a value in all that follow.
    names = dict(safe_eval_functions.SAFE_EVAL_DICT)
    return safe_eval_functions.Interpreter(symtable=names, use_numpy=False, minimal=True)


def _replace(module: ModuleType, name: str, remember: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    setattr(module, name, remember(getattr(module, name)))


def _of_text(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of a text, whose result may be changed by the caller."""
    kept = functools.lru_cache(EXPRESSIONS, typed=True)(function)

    @functools.wraps(function)
    def call(text: Any, *more: Any, **options: Any) -> Any:
        if not isinstance(text, str):
            return function(text, *more, **options)
        found = kept(text, *more, **options)
        return found if isinstance(found, PLAIN) or callable(found) else pickle.loads(pickle.dumps(found))

    return call


def _of_actions(function: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """A function of a list of actions, to another such list."""

    @functools.lru_cache(ACTION_LISTS)
    def kept(actions: tuple[str, ...], *more: str) -> tuple[str, ...]:
        return tuple(function(list(actions), *more))

    @functools.wraps(function)
    def call(actions: list[str], *more: str) -> list[str]:
        return list(kept(tuple(actions), *more))

    return call
