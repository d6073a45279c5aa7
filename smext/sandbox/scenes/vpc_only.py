"""Studio domain in VpcOnly mode: there is a way to S3 and to CloudWatch Logs, and to nothing else."""

from __future__ import annotations

from datetime import timedelta

from .. import networks
from ..scene import Scene

DOMAIN = "d-private12345"
_AGE = timedelta(days=90)


def build(scene: Scene) -> None:
    """Add the domain and its network."""
    made = networks.make(scene.box.backends, scene.region, endpoints=("logs",))
    settings = {"ExecutionRole": scene.role, "SecurityGroups": [made.group]}
    scene.place(
        "Domain",
        "InService",
        _AGE,
        DomainId=DOMAIN,
        DomainName="private",
        AuthMode="IAM",
        AppNetworkAccessType="VpcOnly",
        DefaultUserSettings=settings,
        SubnetIds=[made.subnet],
        VpcId=made.vpc,
    )
    scene.place(
        "UserProfile",
        "InService",
        _AGE,
        DomainId=DOMAIN,
        UserProfileName="ada",
        UserSettings={"ExecutionRole": scene.role},
    )
    scene.stand_in(
        {
            "AppType": "JupyterLab",
            "DomainId": DOMAIN,
            "UserProfileName": "ada",
            "ExecutionRoleArn": scene.role,
            "ResourceName": "default",
        }
    )
