"""The topic on which every launch tells how it goes."""

from __future__ import annotations

from constructs import Construct

from modules.core.naming import Naming
from modules.core.topic import Topic
from modules.ml_platform.audience import Audience
from modules.ml_platform.names import LAUNCH_TOPIC, launch_topic_arn


class LaunchNotices(Construct):
    """The topic `<organisation>-<environment>-ml-launches`, told to `email`: what CloudFormation says of each launch.

    Guarantees: only launch roles of the organisation publish, over TLS and under `key_arn`.
    Controls: DATA-09, PLAT-06 (NIST 800-53 AU-6, SC-8, SC-28).
    """

    def __init__(
        self, scope: Construct, id_: str, *, naming: Naming, audience: Audience, key_arn: str, email: str
    ) -> None:
        super().__init__(scope, id_)
        topic = Topic(
            self,
            "topic",
            naming=naming,
            what=LAUNCH_TOPIC,
            key_arn=key_arn,
            publishers={},
            email=email,
            statements=audience.launch_roles(naming, "LaunchesPublish", ("sns:Publish",), launch_topic_arn(naming)),
        )
        self.arn, self.policy = topic.arn, topic.policy
