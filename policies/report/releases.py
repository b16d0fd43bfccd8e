"""How a model gets from development to production, read from what the stacks render: who tells whom, step by step.

Nothing is known here but what AWS's services do with resources: a change of a model package is an event, a rule sends
events that match to its targets, a queue is read by the function that maps it, and a function does what its role may.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from policies.report.event_pattern import matches
from policies.report.sources import Found, Sources

CARD, GROUP = "aws_cloudcontrolapi_resource", "aws_sagemaker_model_package_group"
RULE, BUS, QUEUE = "aws_cloudwatch_event_rule", "aws_cloudwatch_event_bus", "aws_sqs_queue"
FUNCTION, PIPELINE, BUILD, ROLE = "aws_lambda_function", "aws_codepipeline", "aws_codebuild_project", "aws_iam_role"
PEOPLE = "people"
# What who serves a model may do to it.
_SERVES = {"sagemaker:UpdateEndpoint": "changes what serves the model", "sagemaker:InvokeEndpoint": "asks the model"}


@dataclass(frozen=True, slots=True)
class Party:
    """Who takes part: a service in an account, or people."""

    account: str
    service: str


@dataclass(frozen=True, slots=True)
class Message:
    """One step. `stack` and `address` are the resource that makes it so."""

    source: Party
    target: Party
    words: str
    stack: str
    address: str


@dataclass(frozen=True, slots=True)
class Release:
    """A project's way to production, in order."""

    project: str
    messages: tuple[Message, ...]


@dataclass(slots=True)
class _Walk:
    """One project's events followed to their end."""

    sources: Sources
    project: str
    groups: tuple[Found, ...]
    messages: list[Message] = field(default_factory=list)

    def tell(self, source: Party, target: Party, words: str, by: Found) -> None:
        self.messages.append(Message(source, target, words, by.stack, by.conf.address))

    def approved(self, group: Found) -> None:
        """Somebody approves a version of the group; its registry tells its account's own bus."""
        registry = Party(group.account, "SageMaker registry")
        self.tell(Party(group.account, PEOPLE), registry, f"approve a version of {group.name}", group)
        event = {
            "account": group.account,
            "source": "aws.sagemaker",
            "detail-type": "SageMaker Model Package State Change",
            "detail": {
                "ModelPackageGroupName": group.name,
                "ModelPackageStatus": "Completed",
                "ModelApprovalStatus": "Approved",
            },
        }
        bus = Party(group.account, "EventBridge")
        self.tell(registry, bus, "SageMaker Model Package State Change: Approved", group)
        self._sent(event, group.account, None, group)

    def _sent(self, event: Mapping[str, object], account: str, bus: Found | None, group: Found) -> None:
        for rule in self.sources.all(RULE):
            if rule.account == account and self._listens(rule, bus) and matches(self._pattern(rule), event):
                for target in self.sources.all("aws_cloudwatch_event_target"):
                    if (
                        target.stack == rule.stack
                        and self.sources.meant(target.stack, target.conf.value("rule"), RULE) == rule
                    ):
                        self._reaches(event, rule, target, group)

    def _pattern(self, rule: Found) -> Mapping[str, object]:
        """What the rule listens for, accounts by name; one with a schedule listens for nothing."""
        text = rule.conf.value("event_pattern")
        pattern = json.loads(text) if text else {"source": []}
        accounts = {"account": [self.sources.account(each) for each in pattern.get("account", ())]}
        return pattern | accounts if "account" in pattern else pattern

    def _listens(self, rule: Found, bus: Found | None) -> bool:
        named = rule.conf.value("event_bus_name")
        return (self.sources.meant(rule.stack, named, BUS) if named else None) == bus

    def _reaches(self, event: Mapping[str, object], rule: Found, target: Found, group: Found) -> None:
        to = self.sources.meant(target.stack, target.conf.value("arn"), BUS, QUEUE, FUNCTION)
        here = Party(rule.account, "EventBridge")
        if to is None:
            return
        if to.type == BUS:
            self.tell(here, Party(to.account, "EventBridge"), f"rule {rule.name} forwards to {to.name}", target)
            self._sent(event, to.account, to, group)
        elif to.type == QUEUE:
            self.tell(here, Party(to.account, "SQS"), f"rule {rule.name} puts it into {to.name}", target)
            self._taken(to, group)
        else:
            self.tell(here, Party(to.account, f"Lambda {to.name}"), f"rule {rule.name} calls", target)
            self._acts(to, group)

    def _taken(self, queue: Found, group: Found) -> None:
        for mapping in self.sources.all("aws_lambda_event_source_mapping"):
            if self.sources.meant(mapping.stack, mapping.conf.value("event_source_arn"), QUEUE) == queue:
                function = self.sources.meant(mapping.stack, mapping.conf.value("function_name"), FUNCTION)
                if function is not None:
                    lane = Party(function.account, f"Lambda {function.name}")
                    self.tell(Party(queue.account, "SQS"), lane, "takes it from the queue", mapping)
                    self._acts(function, group)

    def _acts(self, function: Found, group: Found) -> None:
        """What its role lets the function do to this project, in the order of what a copy and a release need."""
        role = self.sources.meant(function.stack, function.conf.value("role"), ROLE)
        if role is None:
            return
        lane = Party(function.account, f"Lambda {function.name}")
        for bucket in self._buckets(role, "s3:GetObject", away=True):
            self.tell(lane, Party(bucket.account, "S3"), f"reads files in {bucket.name}", role)
        for bucket in self._buckets(role, "s3:PutObject", away=False):
            self.tell(lane, Party(bucket.account, "S3"), f"writes files to {bucket.name}", role)
        for other in self.groups:
            if other != group and self._reaches_group(role, "sagemaker:CreateModelPackage", other):
                registry = Party(other.account, "SageMaker registry")
                self.tell(lane, registry, f"registers the copy in {other.name}, waiting for approval", role)
                self.approved(other)
        if any(True for _ in self.sources.allowed(role, "sagemaker:UpdateModelCard")):
            self.tell(lane, Party(function.account, "SageMaker registry"), "writes the model card", role)
        for pipeline in self.sources.all(PIPELINE):
            if pipeline.tags.get("Project") == self.project and self._starts(role, pipeline):
                self.tell(lane, Party(pipeline.account, "CodePipeline"), f"starts {pipeline.name}", role)
                self._runs(pipeline)

    def _reaches_group(self, role: Found, action: str, group: Found) -> bool:
        wanted = f":model-package/{group.name}/"
        return any(
            fnmatchcase(f"{resource.partition(':model-package')[0]}{wanted}1", resource)
            for _, resource in self.sources.allowed(role, action)
            if ":model-package/" in resource
        )

    def _starts(self, role: Found, pipeline: Found) -> bool:
        return any(
            fnmatchcase(pipeline.name, resource.rpartition(":")[2])
            for _, resource in self.sources.allowed(role, "codepipeline:StartPipelineExecution")
        )

    def _buckets(self, role: Found, action: str, *, away: bool) -> Iterator[Found]:
        """Buckets that the role reaches: of other accounts those of the project whose policy names the role, too."""
        patterns = {
            resource.rpartition(":::")[2].partition("/")[0] for _, resource in self.sources.allowed(role, action)
        }
        stacks = {group.stack for group in self.groups}
        for bucket in self.sources.all("aws_s3_bucket"):
            if any(fnmatchcase(bucket.name, pattern) for pattern in patterns):
                ours = bucket.stack in stacks and self._admits(bucket, role)
                if ours if away and bucket.account != role.account else not away and bucket.account == role.account:
                    yield bucket

    def _admits(self, bucket: Found, role: Found) -> bool:
        return any(
            self.sources.meant(policy.stack, policy.conf.value("bucket"), "aws_s3_bucket") == bucket
            and role.name in str(policy.conf.value("policy"))
            for policy in self.sources.all("aws_s3_bucket_policy")
        )

    def _runs(self, pipeline: Found) -> None:
        here = Party(pipeline.account, "CodePipeline")
        for stage in pipeline.conf.blocks("stage"):
            for action in stage.blocks("action"):
                label = f"stage {stage.value('name')}"
                if action.value("category") == "Approval":
                    people = Party(pipeline.account, PEOPLE)
                    self.tell(here, people, f"{label}: asks for approval", pipeline)
                    self.tell(people, here, "approve, or refuse", pipeline)
                elif action.value("provider") == "CodeBuild":
                    name = next(iter(action.blocks("configuration"))).value("ProjectName")
                    build = self.sources.meant(pipeline.stack, name, BUILD)
                    if build is not None:
                        self.tell(here, Party(build.account, "CodeBuild"), f"{label}: runs {build.name}", pipeline)
                        self._builds(build)

    def _builds(self, build: Found) -> None:
        role = self.sources.meant(build.stack, build.conf.value("service_role"), ROLE)
        if role is None:
            return
        lane = Party(build.account, "CodeBuild")
        for bucket in self._buckets(role, "s3:PutObject", away=False):
            if bucket.stack != build.stack:  # there lies what stages hand on to each other
                self.tell(lane, Party(bucket.account, "S3"), f"writes files to {bucket.name}", role)
        for _, resource in self.sources.allowed(role, "sts:AssumeRole"):
            other = self.sources.meant(role.stack, resource, ROLE)
            if other is not None:
                there = Party(other.account, f"role {other.name}")
                self.tell(lane, there, "works as", role)
                for action, words in _SERVES.items():
                    if any(True for _ in self.sources.allowed(other, action)):
                        self.tell(there, Party(other.account, "SageMaker"), words, other)


def releases(sources: Sources) -> tuple[Release, ...]:
    """The way of each project's model that reaches a pipeline from the registry in which it is built, by name."""
    cards = [card for card in sources.all(CARD) if '"ModelCardName"' in str(card.conf.value("desired_state"))]
    central = {card.stack for card in cards}  # a registry that has a card for each model is the central one
    groups = [group for group in sources.all(GROUP) if "Project" in group.tags]
    found = []
    for project in sorted({group.tags["Project"] for group in groups}):
        own = tuple(group for group in groups if group.tags["Project"] == project)
        walk = _Walk(sources, project, own)
        walk.approved(min(own, key=lambda group: (group.stack in central, group.stack)))
        if any(message.target.service == "CodePipeline" for message in walk.messages):
            found.append(Release(project, tuple(walk.messages)))
    return tuple(found)
