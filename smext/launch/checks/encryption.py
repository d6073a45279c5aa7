"""KMS keys: whether they are there and may be used, and what the bucket wants of what is written to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...api import Check, check
from ...aws import s3, service_errors
from ...aws.account import Account
from ...aws.cache import remembered
from .. import network
from ..s3_layout import RunBucket
from .base import Online, Question
from .context import Context
from .permissions import principal, simulated

FIELD = "kms_key"
ACTIONS = ("kms:GenerateDataKey", "kms:Decrypt")
GRANT = "kms:CreateGrant"
"""For disks. AWS: KMS Developer Guide, "How Amazon EBS uses AWS KMS"."""
_NAMED_OTHERWISE = "alias"
_NO_KEY = {"NotFoundException", "InvalidArnException"}
_NO_RULES = {"ServerSideEncryptionConfigurationNotFoundError", "NoSuchBucketPolicy", "NoSuchBucket"}
_HEADER, _KEY_HEADER = "s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id"


@dataclass(frozen=True)
class Users:
    """Whose use of a key is looked at: the role, empty where it is no good; the server, which sends what the run needs.

    `server` raises errors.SmextError where it is not told.
    """

    role: str
    server: Callable[[], str]


def questions(context: Context) -> dict[str, Question]:
    """Of the key of outputs, that of disks, and of the bucket's rules."""
    account, caller, role, asked = context.account, context.caller, context.form.role, {}
    form, config, bucket = context.form, context.asked.config, context.asked.run.bucket
    output, volume = network.output_key(form, config), network.volume_key(form, config)
    users = Users(context.role, lambda: principal(account, caller, role) if caller else "")
    for key in sorted({key for key in (output, volume) if key}):
        asked[f"the key {key}"] = _of_key(account, key, users, key == output, key == volume)
    asked["the bucket's encryption"] = Question(
        "encryption", None, lambda: of_bucket(account, bucket, output, users)
    )
    return asked


def _of_key(account: Account, key: str, users: Users, outputs: bool, disks: bool) -> Question:
    question = Question("encryption", FIELD, list)

    def ask() -> list[Check]:
        found = of_key(account, key)
        if found.status != "ok":
            return [found]
        if disks and _NAMED_OTHERWISE in key:
            arn = described(account, key).get("Arn")
            message = f"For disks AWS takes no alias of a key: {key}"
            return [check("encryption", "will fail", message, f"Write its ARN: {arn}", FIELD)]
        wanted = (*ACTIONS, GRANT) if disks else ACTIONS
        return [
            found,
            *question.part(lambda: of_use(account, key, "The role", users.role, wanted)),
            *(question.part(lambda: _of_server(account, key, users)) if outputs else []),
        ]

    return Question("encryption", FIELD, ask)


def of_key(account: Account, key: str, whose: str = "", field: str | None = FIELD) -> Check:
    """Whether it is there and encrypts. Raises errors.SmextError where it cannot be told."""
    parts = key.split(":")
    if len(parts) > 3 and parts[3] != account.region:
        message = f"The key{whose} lies in another region than the job: {key}"
        return check("encryption", "will fail", message, f"Choose one in {account.region}.", field)
    found = described(account, key)
    if not found:
        message = f"There is no such key{whose} in this region: {key}"
        return check("encryption", "will fail", message, "Choose one that is there.", field)
    state = str(found.get("KeyState") or "")
    if state not in ("Enabled", ""):
        message = f"The key{whose} cannot be used, it is {state}: {key}"
        return check("encryption", "will fail", message, "Enable it, or choose another.", field)
    kind = found.get("KeySpec", "SYMMETRIC_DEFAULT")
    if kind != "SYMMETRIC_DEFAULT":
        message = f"S3 and disks take no key of this kind ({kind}): {key}"
        return check("encryption", "will fail", message, "Choose a symmetric key.", field)
    return check("encryption", "ok", f"The key{whose} is there and enabled: {key}", "", field)


def of_use(
    account: Account, key: str, who: str, principal: str, wanted: Iterable[str], whose: str = ""
) -> list[Check]:
    """Whether an identity's policies let it use the key. Raises errors.SmextError where it cannot be told."""
    arn = str(described(account, key).get("Arn") or "")
    if not principal or not arn:
        return []
    decisions = simulated(account, principal, wanted, arn)
    refused = sorted(action for action, decision in decisions.items() if decision != "allowed")
    if not refused:
        return [check("encryption", "ok", f"{who} may use the key{whose}.", "", FIELD)]
    denied = "explicitDeny" in decisions.values()
    return [
        check(
            "encryption",
            "will fail" if denied else "warning",
            f"{who} may not do this with the key{whose}: {', '.join(refused)}",
            "Ask who looks after the account to allow it, or choose another key."
            if denied
            else "The key's own policy may still allow it. Otherwise ask for it.",
            FIELD,
        )
    ]


def _of_server(account: Account, key: str, users: Users) -> list[Check]:
    server = users.server()
    return [] if server == users.role else of_use(account, key, "This server", server, ACTIONS[:1])


def of_bucket(account: Account, bucket: RunBucket, output: str | None, users: Users) -> list[Check]:
    """Check what the bucket does with what is written to it, each rule by itself."""
    question = Question("encryption", None, list)
    return [
        *([] if output else question.part(lambda: _of_default(account, bucket, users.role))),
        *question.part(lambda: _of_policy(account, bucket, output)),
    ]


def _of_default(account: Account, bucket: RunBucket, role: str) -> list[Check]:
    doing = "look at the bucket's encryption"
    found = _rules(account, bucket, "get_bucket_encryption", doing)
    rules = (found.get("ServerSideEncryptionConfiguration") or {}).get("Rules") or [{}]
    rule = rules[0].get("ApplyServerSideEncryptionByDefault") or {}
    key = rule.get("KMSMasterKeyID")
    if not key or key.endswith("alias/aws/s3"):
        return []
    whose = " of the bucket"
    found_key = of_key(account, key, whose, None)
    if found_key.status != "ok":
        return [found_key]
    return [found_key, *of_use(account, key, "The role", role, ACTIONS, whose)]


def _of_policy(account: Account, bucket: RunBucket, output: str | None) -> list[Check]:
    found = _rules(account, bucket, "get_bucket_policy", "look at the bucket's policy")
    for statement in _listed(_json(found.get("Policy")).get("Statement")):
        problem = _demands(statement, output)
        if problem:
            return [problem]
    return []


def _demands(statement: Mapping[str, Any], output: str | None) -> Check | None:
    """Where a statement refuses what is written without a KMS header, or with another key's."""
    actions = {str(each).lower() for each in _listed(statement.get("Action"))}
    if statement.get("Effect") != "Deny" or not actions & {"s3:putobject", "s3:put*", "s3:*", "*"}:
        return None
    conditions: Mapping[str, Any] = statement.get("Condition") or {}
    for operator, members in conditions.items():
        for name, value in members.items():
            refused = _refuses(operator, name, _listed(value), output)
            if refused:
                alone = (
                    len(conditions) == 1
                    and len(members) == 1
                    and statement.get("Principal") in ("*", {"AWS": "*"})
                )
                return check("encryption", "will fail" if alone else "warning", refused, _NAME_A_KEY, FIELD)
    return None


_NAME_A_KEY = "Name the KMS key that the bucket wants."


def _refuses(operator: str, name: str, values: list[Any], output: str | None) -> str:
    name = name.lower()
    if name == _HEADER and not output:
        if operator.startswith("StringNotEquals") and "aws:kms" in values:
            return "The bucket's policy refuses what is written without a KMS key."
        if operator == "Null" and str(values[0]).lower() == "true":
            return "The bucket's policy refuses what is written without a word on encryption."
    if name == _KEY_HEADER:
        if not output and operator == "Null" and str(values[0]).lower() == "true":
            return "The bucket's policy refuses what is written without a KMS key."
        if operator in ("StringNotEquals", "ArnNotEquals") and (not output or _is_other(output, values)):
            return f"The bucket's policy refuses what is not written with: {', '.join(map(str, values))}"
    return ""


def _is_other(key: str, values: Iterable[Any]) -> bool:
    """Only ARNs can be compared: an alias may be of any key."""
    return key.startswith("arn:") and ":key/" in key and key not in values


def described(account: Account, key: str) -> dict[str, Any]:
    """KeyMetadata, empty where there is no such key. Raises errors.SmextError where it cannot be told."""

    def ask() -> dict[str, Any]:
        return service_errors.absent_as(
            {}, _NO_KEY, lambda: dict(account.call("kms", "DescribeKey", KeyId=key)["KeyMetadata"])
        )

    found: dict[str, Any] = remembered(account, ("key", key), ask)
    return found


def _rules(account: Account, bucket: RunBucket, method: str, doing: str) -> dict[str, Any]:
    """Empty where the bucket has none of these, or is not there."""
    owner = {"ExpectedBucketOwner": bucket.owner} if bucket.owner else {}

    def ask() -> dict[str, Any]:
        return service_errors.absent_as(
            {},
            _NO_RULES,
            lambda: s3.ask(account, method, f"{doing} {bucket.name}", Bucket=bucket.name, **owner),
        )

    found: dict[str, Any] = remembered(account, (method, bucket.name), ask)
    return found


def _json(text: Any) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


CHECKS = (Online(370, questions),)
