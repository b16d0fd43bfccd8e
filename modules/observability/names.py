"""What logs, telemetry and alarms of the organisation are called: rules that both sides of a way compute. No cdktf."""

from __future__ import annotations

from modules.core.naming import Naming

# In the log archive, in each region: to which accounts send the log groups of CloudWatch.
DESTINATION = "log-groups"
# There: the stream that takes them, and the prefix of its roles, of which each region has its own.
INTAKE = "log-intake"
# Below it, in the log bucket: `account=<id>/region=<region>/day=<yyyy-mm-dd>/`. What was not understood lies apart.
LOG_GROUPS, FAILED_LOG_GROUPS = "log-groups/", "log-groups-failed/"
# In each account: as whom CloudWatch Logs asks the destination whether the account may send to it.
SUBSCRIPTION = "log-subscription"
# In an observability account: the bus to which accounts report alarms that change their state.
ALARM_BUS = "alarms"
# There, in each region: where telemetry of other accounts is seen.
SINK = "telemetry"
# In the observability account of the organisation: the database of tables over the log archive, and who queries it.
LOG_DATABASE = "logs"
LOG_QUERIES = "log-queries"
# In an account in which Bedrock is reached: what it is asked and answers.
INVOCATIONS = "bedrock-log"


def destination_arn(naming: Naming) -> str:
    """Where accounts send their log groups; `naming` is that of the log archive in the region of the log groups."""
    return naming.arn("logs", f"destination:{naming.name(DESTINATION)}")


def alarm_bus_arn(naming: Naming) -> str:
    """Where accounts report their alarms; `naming` is that of the observability account in its home region."""
    return naming.arn("events", f"event-bus/{naming.name(ALARM_BUS)}")


def intake_role(region: str) -> str:
    """As whom the intake of a region writes to the log bucket."""
    return f"{INTAKE}-{region}"


def intake_log_group(naming: Naming) -> str:
    """Where the intake itself logs its errors, in each region."""
    return f"/aws/kinesisfirehose/{naming.name(INTAKE)}"


def alarm_forwarding(region: str | None) -> str:
    """What forwards alarms of an account there: rule, role and queue of dead letters; None for the home region."""
    return f"alarm-forwarding-{region}" if region else "alarm-forwarding"


def invocation_log(account: str) -> str:
    """The bucket of what Bedrock was asked in an account: several of an environment have one each."""
    return f"{account}-{INVOCATIONS}"


def alarm_topic(listener: str) -> str:
    """In an observability account: the topic of alarms for operators, security or a team."""
    return f"{ALARM_BUS}-{listener}"
