"""Who of a team reads data in one of its accounts, and where they query it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from constructs import Construct

from modules.core.iam import Statement, service
from modules.core.managed_policy import ManagedPolicy
from modules.core.naming import Naming
from modules.core.role import Role
from modules.core.wiring import holder
from modules.core.workgroup import Workgroup
from modules.data_lake import names
from modules.data_lake.reading import Reading
from modules.data_lake.scan_alarm import ScanAlarm
from modules.data_lake.settings import AthenaSettings, ConsumerPersona
from modules.foundations.contract import BaselineContract

# SageMaker sets who works in Studio as source identity, so that the trail names the person behind the role.
_TRUSTED: Mapping[ConsumerPersona, tuple[str, ...]] = {
    "data-scientist": ("sts:AssumeRole", "sts:SetSourceIdentity"),
    "pipeline": ("sts:AssumeRole",),
}
_DESCRIPTIONS: Mapping[ConsumerPersona, str] = {
    "data-scientist": "People of the team {} who explore data, in Studio and notebooks",
    "pipeline": "Jobs of the team {}",
}
_FIND = ("BatchGetPartition", "GetDatabase", "GetDatabases", "GetPartition", "GetPartitions", "GetTable", "GetTables")


class Consumer(Construct):
    """The roles of a team to which data is granted, and the workgroup in which they query it.

    IAM lets a role ask: for credentials of Lake Formation, and for what the catalogues say of the databases it reads.
    What it gets Lake Formation decides, by the grants of the owner in the catalogue of `central`
    (https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-overview.html). `statements` is what other
    modules let all these roles do, `policies` what they say of each.

    Guarantees:
    - SageMaker alone assumes the roles, for this account; the trail names the person who works in Studio;
    - a role may ask the central catalogue about the databases that it reads, and about no others;
    - a role may read and write its results and no other object; it grants nothing and changes no catalogue;
    - queries run in the team's workgroup and in no other, whatever `statements` allow;
    - the owner hears of a day on which the team scans more than is set;
    - the workgroup carries the team's tag, by which the people of the team may use it.

    Controls: DATA-12, DATA-15, IAM-01 (NIST 800-53 AC-3, AC-6, AU-10).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: AthenaSettings,
        team: str,
        owner: str,
        personas: Collection[ConsumerPersona],
        reads: Sequence[Reading],
        central: Naming,
        keys: BaselineContract,
        boundary_arn: str,
        statements: Sequence[Statement] = (),
        policies: Mapping[ConsumerPersona, Sequence[ManagedPolicy]],
    ) -> None:
        super().__init__(scope, id_)
        workgroup = Workgroup(
            self,
            "queries",
            naming=naming,
            what=names.workgroup(team),
            key_arn=keys.key_arns["data"],
            scan_limit_gb=settings.scan_limit_gb,
            keep_results_days=settings.keep_results_days,
            tags={"Team": team},
        )
        ScanAlarm(
            self,
            "scanned",
            naming=naming,
            what=names.workgroup(team),
            daily_gb=settings.daily_scan_gb,
            owner=owner,
            key_arn=keys.key_arns["messages"],
        )
        for persona in sorted(personas):
            Role(
                self,
                persona,
                naming=naming,
                what=names.consumer_role(team, persona),
                description=_DESCRIPTIONS[persona].format(team),
                trust=[_sagemaker(naming, persona)],
                boundary_arn=boundary_arn,
                statements=[
                    *self._read(naming, central, [each for each in reads if persona in each.personas]),
                    *workgroup.statements,
                    _measure(naming, team),
                    *statements,
                ],
                policies=policies[persona],
            )

    def _read(self, naming: Naming, central: Naming, reads: Sequence[Reading]) -> list[Statement]:
        """Credentials of Lake Formation, which have no resources in IAM, and what the catalogues say."""
        find = tuple(f"glue:{verb}" for verb in _FIND)
        own = tuple(naming.arn("glue", what) for what in ("catalog", "database/*", "table/*/*"))
        found = [
            Statement("ReadWhatIsGranted", actions=("lakeformation:GetDataAccess",), resources=("*",)),
            Statement("FindInOwnCatalogue", actions=find, resources=own),
        ]
        databases = sorted({name for each in reads for name in each.databases})
        if databases:
            there = [central.arn("glue", "catalog")]
            for name in databases:
                there += (central.arn("glue", f"database/{name}"), central.arn("glue", f"table/{name}/*"))
            found.append(Statement("FindInCentralCatalogue", actions=find, resources=there))
        for each in reads:
            each.edge.render(holder(self), "roles")
        return found


def _sagemaker(naming: Naming, persona: ConsumerPersona) -> Statement:
    return Statement(
        "SageMakerOfThisAccount",
        actions=_TRUSTED[persona],
        principals=service("sagemaker.amazonaws.com"),
        conditions={"StringEquals": {"aws:SourceAccount": naming.account_id}},
    )


def _measure(naming: Naming, team: str) -> Statement:
    """Metrics of the team's own. CloudWatch has no resources for them; the namespace is a condition."""
    return Statement(
        "Measure",
        actions=("cloudwatch:PutMetricData",),
        resources=("*",),
        conditions={"StringLike": {"cloudwatch:namespace": f"{naming.organization}/{team}/*"}},
    )
