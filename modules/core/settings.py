"""The strict base of everything that comes from YAML, and the types with their bounds. No cdktf here.

A type's message completes the sentence "`<path>` ..." in the words of YAML, as `load` prints it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from modules.core.cron import check_cron


class Strict(BaseModel):
    """Frozen, without coercion, and unknown keys are errors: a misspelt key is never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


@dataclass(frozen=True, slots=True)
class Shape:
    """Text of a given form: a regular expression for the whole text, its length in characters, and its words."""

    pattern: str
    words: str
    longest: int
    shortest: int = 1

    def check(self, text: str) -> str:
        """`text` itself; raises ValueError with what is allowed."""
        if not self.shortest <= len(text) <= self.longest:
            room = f"exactly {self.longest}" if self.shortest == self.longest else f"{self.shortest} to {self.longest}"
            raise ValueError(f"must have {room} characters, and has {len(text)}")
        if not re.fullmatch(self.pattern, text):
            raise ValueError(f"must be {self.words}")
        return text

    def __get_pydantic_core_schema__(self, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return handler(schema) | {
            "pattern": f"^(?:{self.pattern})$",
            "minLength": self.shortest,
            "maxLength": self.longest,
            "description": self.words,
        }


_Item = TypeVar("_Item", bound=str)


def distinct(items: tuple[_Item, ...]) -> tuple[_Item, ...]:
    """`items` themselves; raises ValueError when one is there twice."""
    repeated = sorted({item for item in items if items.count(item) > 1})
    if repeated:
        raise ValueError(f"must name each once, and repeats {', '.join(repeated)}")
    return items


_KEBAB = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_KEBAB_WORDS = "lower-case letters, digits and single hyphens, a letter first (such as fraud-scoring)"


def _kebab(longest: int) -> Shape:
    return Shape(_KEBAB, _KEBAB_WORDS, longest, shortest=2)


# The lengths leave room in the 63 characters of a bucket name `<organisation>-<environment>-<what>`.
OrganizationName = Annotated[str, _kebab(20)]
AccountName = Annotated[str, _kebab(32)]
UnitKey = Annotated[str, _kebab(40)]
# `<team>-test` and `data-<domain>` are account names.
TeamName = Annotated[str, _kebab(27)]
DomainName = Annotated[str, _kebab(27)]

Partition = Literal["aws", "aws-us-gov", "aws-cn"]
AccountId = Annotated[str, Shape(r"[0-9]{12}", "exactly 12 digits", 12, shortest=12)]
Region = Annotated[
    str,
    Shape(
        r"(?:us-gov|af|ap|ca|cn|eu|il|me|mx|sa|us)-(?:central|(?:north|south)(?:east|west)?|east|west)-[1-9]",
        "an AWS region such as eu-west-1",
        32,
    ),
]
Email = Annotated[
    str,
    Shape(
        r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
        "an e-mail address such as aws-fraud@example.com",
        64,
        shortest=6,
    ),
]
Phone = Annotated[str, Shape(r"\+[0-9][0-9 ()-]+", "a phone number such as +44 20 7946 0000", 25, shortest=8)]
HttpsUrl = Annotated[
    str, Shape(r"https://[a-z0-9.-]+(?:/[A-Za-z0-9._~/-]*[A-Za-z0-9_~-])?", "a URL such as https://ci.example.com", 255)
]
RoleName = Annotated[str, Shape(r"[A-Za-z0-9+=,.@_-]+", "the name of an IAM role, without a path", 64)]
RoleArn = Annotated[
    str,
    Shape(
        r"arn:aws(?:-us-gov|-cn)?:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+",
        "the ARN of an IAM role such as arn:aws:iam::111111111111:role/delivery",
        600,
    ),
]
RolePattern = Annotated[
    str, Shape(r"[A-Za-z0-9+=,.@_/*-]*[A-Za-z0-9]{3}[A-Za-z0-9+=,.@_/*-]*", "a role name, with * for any text", 128)
]
ExternalId = Annotated[str, Shape(r"[A-Za-z0-9+=,.@:/_-]+", "letters, digits and +=,.@:/_-", 128, shortest=8)]
Title = Annotated[str, Shape(r"[^\n]*\S[^\n]*", "one line that is not blank", 128)]
Text = Annotated[str, Shape(r"[\s\S]*\S[\s\S]*", "text that is not blank", 1000)]
TagValue = Annotated[
    str,
    Shape(
        r"[A-Za-z0-9_.:/=+@-]+(?: [A-Za-z0-9_.:/=+@-]+)*",
        "a value that AWS accepts in tags: letters, digits, single spaces and _.:/=+@-",
        128,
    ),
]

InstanceType = Annotated[
    str, Shape(r"ml\.[a-z][a-z0-9-]*\.[a-z0-9]+", "an instance type of SageMaker such as ml.m5.xlarge", 40)
]
# The schedule of EventBridge Scheduler, in UTC.
Schedule = Annotated[
    str,
    Shape(r"cron\([^()]+\)|rate\([1-9][0-9]{0,2} (?:day|days)\)", "cron(...) or rate(... days), of 999 at most", 100),
    AfterValidator(lambda text: check_cron(text) if text.startswith("cron") else text),
]


def _cidr(text: str) -> str:
    try:
        network = IPv4Network(text)
    except ValueError as error:
        exact = _network_of(text)
        hint = f": write {exact}" if exact else ", such as 10.20.0.0/16"
        raise ValueError(f"must be an IPv4 network in CIDR form{hint}") from error
    if not network.is_private or not any(network.subnet_of(private) for private in _PRIVATE):
        raise ValueError("must lie in private address space: 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16")
    if "/" not in text or not 16 <= network.prefixlen <= 28:
        raise ValueError("must have a prefix from /16 to /28, as AWS demands of a VPC")
    return text


def _network_of(text: str) -> IPv4Network | None:
    try:
        return IPv4Network(text, strict=False)
    except ValueError:
        return None


_PRIVATE = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
Cidr = Annotated[str, AfterValidator(_cidr)]
