"""Large domain: more apps, and more spaces, than are read; what runs and bills is among the newest."""

from __future__ import annotations

from datetime import timedelta

from ..scene import Scene
from . import busy

STUDENTS, COURSES = 2100, 2050
_HOUR = timedelta(hours=1)


def build(scene: Scene) -> None:
    """Add the domain with its spaces and apps."""
    busy.build(scene)
    for index in range(STUDENTS):
        student = f"student-{index:04d}"
        scene.place("UserProfile", "InService", 9000 * _HOUR, DomainId=busy.DOMAIN, UserProfileName=student)
        # Studio Classic never stops these by itself, and they are free.
        scene.place(
            "App",
            "InService",
            (9000 - index) * _HOUR,
            DomainId=busy.DOMAIN,
            UserProfileName=student,
            AppType="JupyterServer",
            AppName="default",
            ResourceSpec={"InstanceType": "system"},
        )
    for index in range(COURSES):
        scene.place(
            "Space",
            "InService",
            (9000 - index) * _HOUR,
            DomainId=busy.DOMAIN,
            SpaceName=f"course-{index:04d}",
            SpaceSettings={
                "AppType": "JupyterLab",
                "SpaceStorageSettings": {"EbsStorageSettings": {"EbsVolumeSizeInGb": 5}},
            },
            OwnershipSettings={"OwnerUserProfileName": f"student-{index:04d}"},
        )
    scene.place(
        "App",
        "InService",
        _HOUR,
        DomainId=busy.DOMAIN,
        UserProfileName="student-0007",
        AppType="KernelGateway",
        AppName="torch-gpu",
        ResourceSpec={"InstanceType": "ml.g5.12xlarge"},
    )
