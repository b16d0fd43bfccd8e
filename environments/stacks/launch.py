"""`<account>-launch`: what products need of a dev account before anybody launches them there."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from environments.workplaces import portfolio_account, studios
from modules.foundations.contract import AccessContract, BaselineContract
from modules.ml_platform.edges import LAUNCHES
from modules.ml_platform.launch_permissions import PERMISSIONS, SERVICE_ROLES, LaunchScope
from modules.ml_platform.library import library
from modules.ml_platform.names import KEY_PURPOSES, environment_parameter, key_parameter, launch_role
from modules.ml_platform.products import CATALOG
from modules.ml_use_case.account_parameters import AccountParameters
from modules.ml_use_case.launch_role import LaunchRole
from modules.ml_use_case.sagemaker_projects import SagemakerProjects
from modules.ml_use_case.service_role import ServiceRole


class LaunchStack(PlatformStack):
    """Launch roles, roles of services, parameters and the switch of SageMaker Projects, for the account's teams."""

    def compose(self) -> None:
        """Place them; each product has a role of its own."""
        account = self.place.account
        teams = tuple(desk.team.name for desk in studios(self.organization) if desk.account == account)
        scope, boundary_arn = LaunchScope(self.naming, teams), self.consume(AccessContract).boundary_arn
        portfolio = portfolio_account(self.organization)
        shared = library(self.naming_of(portfolio))
        for product in CATALOG:
            LaunchRole(
                self,
                product.name,
                naming=self.naming,
                what=launch_role(product.name),
                title=product.title,
                boundary_arn=boundary_arn,
                library=shared,
                statements=PERMISSIONS[product.name](scope),
                edge=None
                if account == portfolio
                else self.edge(LAUNCHES, f"people in {account.name}", f"product {product.name}"),
            )
        for what, role in SERVICE_ROLES.items():
            ServiceRole(
                self,
                what,
                naming=self.naming,
                what=what,
                principal=role.principal,
                boundary_arn=boundary_arn,
                statements=role.statements(scope),
            )
        organization, keys = self.organization.name, self.consume(BaselineContract).key_arns
        AccountParameters(
            self,
            "parameters",
            values={
                environment_parameter(organization): account.environment,
                **{key_parameter(organization, purpose): keys[purpose] for purpose in KEY_PURPOSES},
            },
        )
        if self.settings.ml_use_case.launch.projects:
            SagemakerProjects(self, "projects")
