"""What repairs run in AWS Systems Manager: Python 3.11 with boto3. Each function is shipped as its source text."""

from __future__ import annotations


def close_security_group(events: dict[str, str], context: object) -> dict[str, int]:
    """Revoke every rule of the security group `ResourceId`; returns how many there were."""
    import boto3

    ec2 = boto3.client("ec2")
    group_id = events["ResourceId"]
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group_id]}])[
        "SecurityGroupRules"
    ]
    for egress, revoke in (
        (False, ec2.revoke_security_group_ingress),
        (True, ec2.revoke_security_group_egress),
    ):
        found = [rule["SecurityGroupRuleId"] for rule in rules if rule["IsEgress"] == egress]
        if found:
            revoke(GroupId=group_id, SecurityGroupRuleIds=found)
    return {"revoked": len(rules)}


def stop_notebook(events: dict[str, str], context: object) -> dict[str, str]:
    """Stop the notebook instance `ResourceId`, a name or an ARN, if it runs; returns the status it was found in."""
    import boto3

    sagemaker = boto3.client("sagemaker")
    name = events["ResourceId"].rpartition("/")[2]
    status = sagemaker.describe_notebook_instance(NotebookInstanceName=name)["NotebookInstanceStatus"]
    if status == "InService":
        sagemaker.stop_notebook_instance(NotebookInstanceName=name)
    return {"found": status}
