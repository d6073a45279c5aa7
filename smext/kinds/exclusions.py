"""List operations that no kind reads, and why: their resources bill through another kind, elsewhere, or not at all.

A list that stands neither here nor in a kind is new: what it lists may bill unseen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from . import registry

# By service, what is said of a group of lists, and the lists. Sources are botocore's descriptions of the operations,
# and where a price is spoken of, https://aws.amazon.com/sagemaker/ai/pricing/.
EXCLUSIONS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "sagemaker": {
        "definitions and settings, which cost nothing by themselves": (
            "ListAIWorkloadConfigs",
            "ListAlgorithms",
            "ListAppImageConfigs",
            "ListClusterSchedulerConfigs",
            "ListCodeRepositories",
            "ListComputeQuotas",
            "ListDataQualityJobDefinitions",
            "ListEndpointConfigs",
            "ListHumanTaskUis",
            "ListJobSchemaVersions",
            "ListModelBiasJobDefinitions",
            "ListModelExplainabilityJobDefinitions",
            "ListModelQualityJobDefinitions",
            "ListNotebookInstanceLifecycleConfigs",
            "ListResourceCatalogs",
            "ListStudioLifecycleConfigs",
            "ListTags",
        ),
        "names for what is stored in S3 or ECR, where the storage bills": (
            "ListAliases",
            "ListHubContentVersions",
            "ListHubContents",
            "ListHubs",
            "ListImageVersions",
            "ListImages",
            "ListModelCardExportJobs",
            "ListModelCardVersions",
            "ListModelCards",
            "ListModelMetadata",
            "ListModelPackageGroups",
            "ListModelPackages",
            "ListModels",
        ),
        "records of what ran: lineage and experiments": (
            "ListActions",
            "ListArtifacts",
            "ListAssociations",
            "ListContexts",
            "ListExperiments",
            "ListLineageGroups",
            "ListTrialComponents",
            "ListTrials",
        ),
        "parts of a job, pipeline or schedule that is listed itself": (
            "ListCandidatesForAutoMLJob",
            "ListInferenceRecommendationsJobSteps",
            "ListLabelingJobsForWorkteam",
            "ListMonitoringAlertHistory",
            "ListMonitoringAlerts",
            "ListMonitoringExecutions",
            "ListPipelineExecutionSteps",
            "ListPipelineParametersForExecution",
            "ListPipelineVersions",
            "ListTrainingJobsForHyperParameterTuningJob",
        ),
        "parts of a HyperPod cluster or training plan that is listed itself": (
            "ListClusterEvents",
            "ListClusterExtensionVersions",
            "ListClusterExtensions",
            "ListClusterNodes",
            "ListClusterOperations",
            "ListInferenceGateways",
            "ListUltraServersByReservedCapacity",
        ),
        "owners of apps, spaces and file systems that are listed themselves": (
            "ListDomains",
            "ListUserProfiles",
        ),
        "people: they bill by labeled object, in labeling jobs; human reviews (Amazon A2I) bill by reviewed object, "
        "and are not looked at": (
            "ListFlowDefinitions",
            "ListSubscribedWorkteams",
            "ListWorkforces",
            "ListWorkteams",
        ),
        "products of Service Catalog: what one of them made outside of SageMaker bills there": (
            "ListProjects",
        ),
        # https://docs.aws.amazon.com/sagemaker/latest/dg/edge-eol.html
        "Edge Manager, which AWS ended in 2024": (
            "ListDeviceFleets",
            "ListDevices",
            "ListEdgeDeploymentPlans",
            "ListEdgePackagingJobs",
            "ListStageDevices",
        ),
    },
    "emr": {
        "parts of a cluster that is listed itself": (
            "ListBootstrapActions",
            "ListInstanceFleets",
            "ListInstanceGroups",
            "ListInstances",
            "ListNotebookExecutions",
            "ListSessions",
            "ListSteps",
        ),
        "definitions and settings, which cost nothing by themselves": (
            "ListReleaseLabels",
            "ListSecurityConfigurations",
            "ListStudioSessionMappings",
            "ListStudios",
            "ListSupportedInstanceTypes",
        ),
    },
    "emr-serverless": {
        "parts of an application that is listed itself": ("ListJobRunAttempts", "ListTagsForResource"),
    },
    "efs": {
        "parts and settings of a file system that is listed itself": (
            "DescribeAccessPoints",
            "DescribeAccountPreferences",
            "DescribeBackupPolicy",
            "DescribeFileSystemPolicy",
            "DescribeLifecycleConfiguration",
            "DescribeMountTargetSecurityGroups",
            "DescribeMountTargets",
            "DescribeTags",
            "ListTagsForResource",
        ),
        "copies in other file systems and regions, which bill there": ("DescribeReplicationConfigurations",),
    },
}
_VERBS: Mapping[str, str] = {"efs": "Describe"}
"""EFS calls its lists so, where another service calls them List."""


def new_lists(service: str, operations: Collection[str]) -> list[str]:
    """Return the list operations of a service that neither a kind reads nor EXCLUSIONS names."""
    known = {name for names in EXCLUSIONS.get(service, {}).values() for name in names} | set(_read(service))
    verbs = ("List", _VERBS.get(service, "List"))
    return sorted(name for name in operations if name.startswith(verbs) and name not in known)


def _read(service: str) -> Iterator[str]:
    for kind in registry().values():
        if kind.service == service:
            yield from kind.operations
