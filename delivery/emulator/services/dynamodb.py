"""DynamoDB: all tags of a table in one answer."""

from __future__ import annotations

from moto.dynamodb.models import dynamodb_backends

from delivery.emulator.service import Answer, Call, Service

SERVICE = Service("dynamodb")


@SERVICE.operation("ListTagsOfResource")
def list_tags(call: Call) -> Answer:
    """As AWS, which never pages fifty tags; moto gives ten, and Terraform asks once.

    https://github.com/aws/aws-sdk/issues/583
    """
    return {"Tags": dynamodb_backends[call.account][call.region].list_tags_of_resource(call.params["ResourceArn"])}
