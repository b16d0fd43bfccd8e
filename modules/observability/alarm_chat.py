"""Slack channels that are told of alarms."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.chatbot_slack_channel_configuration import ChatbotSlackChannelConfiguration
from constructs import Construct

from modules.core.errors import ConfigError
from modules.core.iam import Statement, service
from modules.core.naming import Naming
from modules.core.role import Role
from modules.core.topic import Topic
from modules.observability.alarm_settings import ChatSettings
from modules.observability.names import alarm_topic

_CHATBOT = "chatbot.amazonaws.com"


class AlarmChat(Construct):
    """The channel of each listener in `settings.channels`, told what the topic of the same listener is told.

    Guarantees:
    - whoever is in a channel can read alarms and metrics of this account, and change nothing: by the channel's role,
      and by a guardrail whatever that role becomes;
    - AWS Chatbot alone works as the role, for channels of this account.

    Raises ConfigError for a channel of nobody who has a topic.

    Controls: IAM-01, LOG-05 (NIST 800-53 AC-6, IR-6).
    https://docs.aws.amazon.com/chatbot/latest/adminguide/understanding-permissions.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: ChatSettings,
        topics: Mapping[str, Topic],
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        if unknown := sorted(set(settings.channels) - set(topics)):
            raise ConfigError(
                f"observability.alarms.chat.channels: {', '.join(unknown)} has no alarms in {naming.account} "
                f"(these have: {', '.join(sorted(topics))}): write it in the file of the environment that it is in"
            )
        reads = f"arn:{naming.partition}:iam::aws:policy/CloudWatchReadOnlyAccess"
        channels = naming.arn("chatbot", "chat-configuration/slack-channel/*", region=False)
        role = Role(
            self,
            "role",
            naming=naming,
            what="alarms-chat",
            description="Channels of Slack read alarms and metrics as this role",
            trust=[
                Statement(
                    "ChannelsOfThisAccount",
                    actions=("sts:AssumeRole",),
                    principals=service(_CHATBOT),
                    conditions={
                        "StringEquals": {"aws:SourceAccount": naming.account_id},
                        "ArnLike": {"aws:SourceArn": channels},
                    },
                )
            ],
            boundary_arn=boundary_arn,
            managed_policy_arns=[reads],
        )
        for listener, channel in sorted(settings.channels.items()):
            ChatbotSlackChannelConfiguration(
                self,
                listener,
                configuration_name=naming.name(alarm_topic(listener)),
                iam_role_arn=role.arn,
                slack_team_id=settings.workspace,
                slack_channel_id=channel,
                sns_topic_arns=[topics[listener].arn],
                guardrail_policy_arns=[reads],
                logging_level="ERROR",
                user_authorization_required=True,
            )
