"""AWS's errors in our words."""

from __future__ import annotations

import botocore.exceptions as aws
import pytest

from smext import errors
from smext.aws import service_errors

DOING = "Could not stop training job: my-job"
WHO = "User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: sagemaker:StopTrainingJob"
ON = f"{WHO} on resource: arn:aws:sagemaker:us-east-1:1:training-job/x"


def client_error(code: str, message: str = "said") -> aws.ClientError:
    return aws.ClientError({"Error": {"Code": code, "Message": message}}, "StopTrainingJob")


@pytest.mark.parametrize(
    ("why", "advice"),
    [
        (
            "because no identity-based policy allows the sagemaker:StopTrainingJob action",
            "Ask for sagemaker:",
        ),
        ("because no permissions boundary allows the action", "boundary"),
        ("with an explicit deny in a service control policy", "organisation"),
        ("with an explicit deny in an identity-based policy", "on purpose"),
        ("", "Ask for sagemaker:StopTrainingJob"),
    ],
)
def test_each_way_of_being_denied_has_its_advice(why: str, advice: str) -> None:
    found = service_errors.translate(client_error("AccessDeniedException", f"{ON} {why}"), DOING)
    assert isinstance(found, errors.Denied)
    assert found.permission == "sagemaker:StopTrainingJob"
    assert found.message.startswith(DOING)
    assert advice in found.advice


def test_a_service_that_does_not_name_the_action_is_told_which_was_used() -> None:
    found = service_errors.translate(
        client_error("AccessDenied", "Access Denied"), "Could not read x", "s3:GetObject"
    )
    assert found.permission == "s3:GetObject"


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        ("ThrottlingException", "Rate exceeded", errors.Throttled),
        ("ExpiredTokenException", "expired", errors.Expired),
        ("UnrecognizedClientException", "invalid token", errors.NoCredentials),
        ("ValidationException", "Requested resource not found.", errors.NotFound),
        ("ResourceNotFound", "no", errors.NotFound),
        ("ValidationException", "Could not find endpoint x", errors.NotFound),
        ("ValidationException", "1 validation error detected", errors.Invalid),
        ("ResourceInUse", "name taken", errors.Conflict),
        ("ConflictException", "busy", errors.Conflict),
        ("UnknownOperationException", "?", errors.Unsupported),
        ("InternalServerError", "oops", errors.SmextError),
        ("InternalFailure", "CapacityError: Unable to provision", errors.Capacity),
    ],
)
def test_each_code_is_its_own_error(code: str, message: str, kind: type[errors.SmextError]) -> None:
    found = service_errors.translate(client_error(code, message), DOING)
    assert type(found) is kind
    # What concerns every call is said without the one that met it.
    setup = isinstance(found, errors.SetupError)
    assert found.problem().message.startswith(DOING) is not setup
    assert found.problem().cause == (found.message if setup else found.cause)


def test_a_quota_is_named_with_its_figures() -> None:
    text = (
        "The account-level service limit 'ml.p3.2xlarge for training job usage' is 0 Instances, with current "
        "utilization of 0 Instances and a request delta of 1 Instances."
    )
    found = service_errors.translate(client_error("ResourceLimitExceeded", text), DOING)
    assert isinstance(found, errors.Quota)
    assert "'ml.p3.2xlarge for training job usage' is 0" in found.message
    assert found.field == "instance_type"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (aws.NoCredentialsError(), errors.NoCredentials),
        (aws.ProfileNotFound(profile="p"), errors.NoCredentials),
        (aws.NoRegionError(), errors.NoRegion),
        (aws.EndpointConnectionError(endpoint_url="u"), errors.Unreachable),
        (aws.ConnectTimeoutError(endpoint_url="u"), errors.TimedOut),
        (aws.ReadTimeoutError(endpoint_url="u"), errors.TimedOut),
        (aws.UnauthorizedSSOTokenError(), errors.Expired),
        (aws.ParamValidationError(report="x"), errors.Invalid),
        (aws.UnknownServiceError(service_name="s", known_service_names=[]), errors.Outdated),
        (RuntimeError("surprise"), errors.SmextError),
    ],
)
def test_each_error_of_the_client_is_its_own(error: Exception, kind: type[errors.SmextError]) -> None:
    assert type(service_errors.translate(error, DOING)) is kind


def test_what_many_calls_meet_has_one_cause() -> None:
    for error in (
        client_error("ThrottlingException"),
        aws.EndpointConnectionError(
            endpoint_url="https://api.sagemaker.eu-west-1.amazonaws.com/", error="refused"
        ),
        aws.ReadTimeoutError(endpoint_url="https://api.sagemaker.eu-west-1.amazonaws.com/"),
    ):
        one, other = (
            service_errors.translate(error, "Could not list apps"),
            service_errors.translate(error, "Could not list jobs"),
        )
        assert one.message != other.message
        assert one.cause == other.cause
        assert one.cause


def test_an_error_of_ours_passes_unchanged() -> None:
    mine = errors.Conflict("busy")
    assert service_errors.translate(mine, DOING) is mine
