"""The roles of a data domain's jobs and crawlers, in the domain's account."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from constructs import Construct

from modules.core.handshake import Edge
from modules.core.iam import Statement, service
from modules.core.naming import Naming
from modules.core.role import Role
from modules.core.wiring import holder
from modules.data_lake.jobs.counts import NAMESPACE
from modules.data_lake.names import CRAWLER, JOB, database, domain_role, rulesets

GLUE = "glue.amazonaws.com"
_READ_CATALOGUE = (
    "glue:BatchGetPartition",
    "glue:GetDatabase",
    "glue:GetDatabases",
    "glue:GetPartition",
    "glue:GetPartitions",
    "glue:GetTable",
    "glue:GetTables",
)
_KEEP_PARTITIONS = ("glue:BatchCreatePartition", "glue:BatchDeletePartition", "glue:UpdatePartition")
_KEEP_TABLES = ("glue:BatchCreatePartition", "glue:CreateTable", "glue:UpdatePartition", "glue:UpdateTable")


class DomainRoles(Construct):
    """`<organisation>-<environment>-<domain>-job` and `-crawler`, which Glue alone may assume.

    `governance` is the account of the central catalogue, `zone_arns` are the buckets of the domain's zones, `code_arn`
    is that of what its jobs run.

    Guarantees:
    - in the catalogue both reach databases whose names begin as the domain's do, and no further than Lake Formation
      grants, which is by the domain's tag: the names of `orders-web` begin as those of `orders`;
    - jobs work on objects of the domain's zones alone, and cannot change what they run; crawlers work on none but
      through Lake Formation;
    - Glue assumes them for this account only; neither exceeds the permissions boundary.

    Controls: IAM-01, IAM-05, DATA-12 (NIST 800-53 AC-3, AC-6).
    https://docs.aws.amazon.com/lake-formation/latest/dg/glue-features-lf.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        domain: str,
        governance: Naming,
        produces: Edge,
        zone_arns: Sequence[str],
        code_arn: str,
        key_arn: str,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        kept = {
            JOB: ("Glue jobs of the data domain work on its data as this role", _KEEP_PARTITIONS),
            CRAWLER: ("Crawlers of the data domain enter what they find as this role", _KEEP_TABLES),
        }
        for what, (description, actions) in kept.items():
            statements = list(_catalogue(naming, governance, domain, actions))
            if what == JOB:
                statements += [*_objects(zone_arns, key_arn), _code(code_arn), *_running(naming, domain)]
            Role(
                self,
                what,
                naming=naming,
                what=domain_role(domain, what),
                description=description,
                trust=[
                    Statement(
                        "Glue",
                        actions=("sts:AssumeRole",),
                        principals=service(GLUE),
                        conditions={"StringEquals": {"aws:SourceAccount": naming.account_id}},
                    )
                ],
                boundary_arn=boundary_arn,
                statements=[*statements, _logs(naming)],
            )
        produces.render(holder(self), "roles")


def _catalogue(naming: Naming, governance: Naming, domain: str, keep: Sequence[str]) -> Iterator[Statement]:
    """The central databases of the domain, and the links to them, which have the same names."""
    # Lake Formation has no resource-level permissions: whose credentials it gives is decided by its own grants.
    yield Statement("AskLakeFormation", actions=("lakeformation:GetDataAccess",), resources=("*",))
    ours = database(domain, "*")
    kinds = ("catalog", f"database/{ours}", f"table/{ours}/*")
    central = [governance.arn("glue", kind) for kind in kinds]
    # Spark asks for the database `default` whatever it works on.
    linked = [naming.arn("glue", kind) for kind in (*kinds, "database/default")]
    yield Statement("ReadCatalogue", actions=_READ_CATALOGUE, resources=sorted({*central, *linked}))
    yield Statement("KeepCatalogue", actions=keep, resources=central)


def _objects(zone_arns: Sequence[str], key_arn: str) -> Iterator[Statement]:
    """A job works on bytes itself: Lake Formation gives a job that writes credentials for SUPER on the table alone."""
    yield Statement(
        "ListZones",
        actions=("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"),
        resources=tuple(zone_arns),
    )
    yield Statement(
        "WorkOnZones",
        actions=("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
        resources=tuple(f"{arn}/*" for arn in zone_arns),
    )
    yield Statement("UseKey", actions=("kms:Decrypt", "kms:GenerateDataKey"), resources=(key_arn,))


def _code(code_arn: str) -> Statement:
    """What jobs run they only read: a job never changes what the next one does."""
    return Statement("ReadCode", actions=("s3:GetObject",), resources=(f"{code_arn}/*",))


def _running(naming: Naming, domain: str) -> Iterator[Statement]:
    """What a job needs to run in the account's network, to judge data quality and to count what it did."""
    yield Statement(
        "JudgeQuality",
        actions=("glue:GetDataQualityRuleset", "glue:GetDataQualityRulesetEvaluationRun", "glue:PublishDataQuality"),
        resources=(naming.arn("glue", f"dataQualityRuleset/{rulesets(naming, domain)}*"),),
    )
    yield Statement(
        "Count",
        actions=("cloudwatch:PutMetricData",),
        resources=("*",),
        conditions={"StringEquals": {"cloudwatch:namespace": ("Glue", "Glue Data Quality", NAMESPACE)}},
    )
    yield Statement(
        "FindConnection",
        actions=("glue:GetConnection",),
        resources=(naming.arn("glue", "catalog"), naming.arn("glue", f"connection/{naming.name(domain)}")),
    )
    yield Statement(
        "SeeNetwork",
        actions=(
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeRouteTables",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcEndpoints",
        ),
        resources=("*",),
    )
    yield Statement("SeeOwnNetwork", actions=("ec2:DescribeVpcAttribute",), resources=(naming.arn("ec2", "vpc/*"),))
    interfaces = naming.arn("ec2", "network-interface/*")
    yield Statement(
        "ConnectToNetwork",
        actions=("ec2:CreateNetworkInterface",),
        resources=(interfaces, naming.arn("ec2", "security-group/*"), naming.arn("ec2", "subnet/*")),
    )
    yield Statement(
        "MarkOwnInterfaces",
        actions=("ec2:CreateTags", "ec2:DeleteTags"),
        resources=(interfaces,),
        conditions={"ForAllValues:StringEquals": {"aws:TagKeys": ("aws-glue-service-resource",)}},
    )
    yield Statement(
        "RemoveOwnInterfaces",
        actions=("ec2:DeleteNetworkInterface",),
        resources=(interfaces,),
        conditions={"Null": {"aws:ResourceTag/aws-glue-service-resource": "false"}},
    )


def _logs(naming: Naming) -> Statement:
    return Statement(
        "WriteLogs",
        actions=("logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
        resources=(naming.arn("logs", "log-group:/aws-glue/*"),),
    )
