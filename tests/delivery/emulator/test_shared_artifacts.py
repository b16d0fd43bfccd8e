"""Packages, caches, schemas and events: what belongs together must exist, and what was said is given back."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.delivery.emulator.conftest import REGION, Client

pytestmark = pytest.mark.e2e
SHARED, TEAM = "777777777771", "777777777772"


def test_a_domain_lives_as_long_as_its_repositories(client: Client) -> None:
    """Upstreams are repositories of the domain, a repository fetches from one place, and a policy has a revision."""
    packages = client("codeartifact", SHARED)
    domain = packages.create_domain(domain="acme-ml")["domain"]
    with pytest.raises(ClientError, match="there is no repository pypi-store"):
        packages.create_repository(
            domain="acme-ml", repository="packages", upstreams=[{"repositoryName": "pypi-store"}]
        )
    packages.create_repository(domain="acme-ml", repository="pypi-store")
    where = {"domain": "acme-ml", "repository": "pypi-store"}
    packages.associate_external_connection(**where, externalConnection="public:pypi")
    with pytest.raises(ClientError, match="has an external connection already"):
        packages.associate_external_connection(**where, externalConnection="public:npmjs")
    assert packages.describe_domain(domain="acme-ml")["domain"]["repositoryCount"] == 1

    document = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*"}]})
    put = packages.put_domain_permissions_policy(domain="acme-ml", policyDocument=document)["policy"]
    with pytest.raises(ClientError, match="has another revision"):
        packages.put_domain_permissions_policy(domain="acme-ml", policyDocument=document, policyRevision="0")
    assert packages.get_domain_permissions_policy(domain="acme-ml")["policy"] == put
    assert (put["resourceArn"], put["document"]) == (domain["arn"], document)

    with pytest.raises(ClientError, match="holds repositories"):
        packages.delete_domain(domain="acme-ml")
    packages.delete_repository(**where)
    packages.delete_domain(domain="acme-ml")
    with pytest.raises(ClientError, match="there is no domain acme-ml"):
        packages.describe_domain(domain="acme-ml")


def test_what_ecr_makes_with_a_key_it_makes_as_a_role(client: Client) -> None:
    """A template with a key needs a role; a prefix has one template and one cache; another account sees neither."""
    ecr = client("ecr", SHARED)
    key = {"encryptionType": "KMS", "kmsKey": f"arn:aws:kms:{REGION}:{SHARED}:key/images"}
    wanted = {"prefix": "ecr-public", "appliedFor": ["PULL_THROUGH_CACHE"], "encryptionConfiguration": key}
    with pytest.raises(ClientError, match="needs customRoleArn"):
        ecr.create_repository_creation_template(**wanted)
    ecr.create_repository_creation_template(**wanted, customRoleArn=f"arn:aws:iam::{SHARED}:role/creator")
    cache = {"ecrRepositoryPrefix": "ecr-public", "upstreamRegistryUrl": "public.ecr.aws"}
    ecr.create_pull_through_cache_rule(**cache)
    with pytest.raises(ClientError, match="there is a cache ecr-public already"):
        ecr.create_pull_through_cache_rule(**cache)
    (template,) = ecr.describe_repository_creation_templates(prefixes=["ecr-public"])["repositoryCreationTemplates"]
    assert (template["imageTagMutability"], template["encryptionConfiguration"]) == ("MUTABLE", key)
    assert client("ecr", TEAM).describe_pull_through_cache_rules()["pullThroughCacheRules"] == []


def test_a_schema_is_json_and_has_versions(client: Client) -> None:
    """Each change is a version; a registry with schemas stays."""
    schemas = client("schemas", SHARED)
    schemas.create_registry(RegistryName="events")
    where = {"RegistryName": "events", "SchemaName": "sagemaker@Change"}
    with pytest.raises(ClientError, match="the content is no JSON"):
        schemas.create_schema(**where, Type="JSONSchemaDraft4", Content="{")
    assert schemas.create_schema(**where, Type="JSONSchemaDraft4", Content="{}")["SchemaVersion"] == "1"
    assert schemas.update_schema(**where, Content='{"type": "object"}')["SchemaVersion"] == "2"
    assert schemas.describe_schema(**where)["Content"] == '{"type": "object"}'
    with pytest.raises(ClientError, match="holds schemas"):
        schemas.delete_registry(RegistryName="events")


def test_an_event_reaches_the_bus_of_another_account_as_it_was(client: Client) -> None:
    """A rule of the team forwards it; the central rule sees whose it is. Without the bus it is a dead letter."""
    central, team = client("events", SHARED), client("events", TEAM)
    heard = client("sqs", SHARED).create_queue(QueueName="heard")["QueueUrl"]
    lost = client("sqs", TEAM).create_queue(QueueName="lost")["QueueUrl"]
    pattern = json.dumps({"source": ["acme.models"]})
    central.create_event_bus(Name="ml-events")
    central.put_rule(Name="all", EventBusName="ml-events", EventPattern=pattern)
    queue = {"Id": "queue", "Arn": f"arn:aws:sqs:{REGION}:{SHARED}:heard"}
    function = {"Id": "function", "Arn": f"arn:aws:lambda:{REGION}:{SHARED}:function:inventory"}
    central.put_targets(Rule="all", EventBusName="ml-events", Targets=[queue, function])
    team.put_rule(Name="announce", EventPattern=pattern)
    buses = [
        {"Id": name, "Arn": f"arn:aws:events:{REGION}:{SHARED}:event-bus/{name}", "DeadLetterConfig": {"Arn": dead}}
        for name, dead in (
            ("ml-events", f"arn:aws:sqs:{REGION}:{TEAM}:lost"),
            ("gone", f"arn:aws:sqs:{REGION}:{TEAM}:lost"),
        )
    ]
    team.put_targets(Rule="announce", Targets=buses)
    entry = {"Source": "acme.models", "DetailType": "Change", "Detail": '{"version": 7}', "Resources": ["model/7"]}
    (sent,) = team.put_events(Entries=[entry])["Entries"]
    (message,) = client("sqs", SHARED).receive_message(QueueUrl=heard)["Messages"]
    event = json.loads(message["Body"])
    assert (event["account"], event["id"], event["detail"]) == (TEAM, sent["EventId"], {"version": 7})
    (undelivered,) = client("sqs", TEAM).receive_message(QueueUrl=lost)["Messages"]
    assert json.loads(undelivered["Body"])["id"] == sent["EventId"]
    team.disable_rule(Name="announce")
    team.put_events(Entries=[entry])
    assert "Messages" not in client("sqs", SHARED).receive_message(QueueUrl=heard)
