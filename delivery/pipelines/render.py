"""Writes the pipelines: text of GitHub Actions and of GitLab from the templates."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from delivery.pipelines import commands
from delivery.pipelines.facts import Facts
from delivery.pipelines.pins import pins
from delivery.pipelines.split import Split
from environments.ci_settings import Host, environment

FILES: Mapping[Host, Mapping[str, str]] = {
    "github": {
        f".github/workflows/mlgov-{name}.yml": f"{name}.yml.j2" for name in ("pull-request", "apply", "wave", "drift")
    },
    "gitlab": {".gitlab/mlgov.gitlab-ci.yml": "gitlab.yml.j2"},
}
RUNNER = "ubuntu-24.04"
HEADER = "# Written by `mlgov ci`; change organization.yaml and run it again."


def pipelines(facts: Facts) -> dict[str, str]:
    """The files of the organisation's host, by their path in the repository."""
    return {path: _rendered(template, facts) for path, template in FILES[facts.settings.host].items()}


def child(facts: Facts, split: Split) -> str:
    """GitLab's pipeline below `mlgov-plan` and `mlgov-apply`: a job for each part of `split`."""
    return _rendered("gitlab-child.yml.j2", facts, split=split)


def _rendered(template: str, facts: Facts, **more: object) -> str:
    role = facts.settings.findings_role_arn
    return _template(template).render(
        facts=facts,
        header=HEADER,
        pins=pins(),
        commands=commands,
        environment=environment,
        runner=facts.settings.runner or RUNNER,
        minutes=facts.session_seconds // 60,  # no job outlives its credentials
        findings=commands.findings(role.split(":")[4]) if role else "",
        **more,
    )


@cache
def _template(name: str) -> Template:
    # GitHub's expressions keep their braces.
    world = Environment(
        loader=PackageLoader(__package__),
        undefined=StrictUndefined,
        autoescape=False,  # YAML, of values that organization.yaml checks character by character
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        comment_start_string="[#",
        comment_end_string="#]",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    world.filters["shell"] = _indented
    return world.get_template(name)


def _indented(script: str, width: int = 10) -> str:
    """The lines of a script as a literal block of YAML that begins `width` to the right."""
    return script.rstrip("\n").replace("\n", "\n" + " " * width)
