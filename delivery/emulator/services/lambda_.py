"""Lambda: the parts of a function's configuration that moto forgets. No function is ever run."""

from __future__ import annotations

from typing import Any

from moto.awslambda.models import LambdaFunction

from delivery.emulator.service import Service

SERVICE = Service("lambda")


@SERVICE.mend
def forgotten_configuration() -> None:
    """moto drops the dead letter queue and the logging settings, and some settings when a function is updated."""
    create = LambdaFunction.__init__
    describe = LambdaFunction.get_configuration
    update = LambdaFunction.update_configuration

    def __init__(self: Any, account_id: str, spec: dict[str, Any], *rest: Any, **named: Any) -> None:
        create(self, account_id, spec, *rest, **named)
        self.dead_letter_config = spec.get("DeadLetterConfig") or {}
        self.logging_config = _logging(self, spec.get("LoggingConfig") or {})

    def get_configuration(self: Any, on_create: bool = False) -> dict[str, Any]:
        configuration: dict[str, Any] = describe(self, on_create)
        if self.dead_letter_config.get("TargetArn"):
            configuration["DeadLetterConfig"] = self.dead_letter_config
        configuration["LoggingConfig"] = self.logging_config
        return configuration

    def update_configuration(self: Any, config_updates: dict[str, Any]) -> dict[str, Any]:
        update(self, config_updates)
        if "DeadLetterConfig" in config_updates:
            self.dead_letter_config = config_updates["DeadLetterConfig"]
        if "LoggingConfig" in config_updates:
            self.logging_config = _logging(self, config_updates["LoggingConfig"])
        if "KMSKeyArn" in config_updates:
            self.kms_key_arn = config_updates["KMSKeyArn"] or None
        if "TracingConfig" in config_updates:
            self.tracing_config = config_updates["TracingConfig"]
        if "EphemeralStorage" in config_updates:
            self.ephemeral_storage = config_updates["EphemeralStorage"]["Size"]
        return get_configuration(self)

    LambdaFunction.__init__ = __init__
    LambdaFunction.get_configuration = get_configuration
    LambdaFunction.update_configuration = update_configuration


def _logging(function: Any, given: dict[str, Any]) -> dict[str, Any]:
    """The settings as Lambda completes them: text, in the function's own log group."""
    return {"LogFormat": "Text", "LogGroup": function.logs_group_name, **given}
