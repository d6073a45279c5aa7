"""A no for want of permission: which action, why, and what to ask whoever looks after the account for.

The five shapes of the reason are IAM's (AWS: IAM User Guide, Troubleshoot access denied error messages).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from ...aws.identity import identity_label

_SENTENCE = re.compile(
    r"(?:User: (?P<who>arn:\S+) )?is not authorized to perform: (?P<action>[\w-]+:\w+)"
    r"(?: on resource: (?P<resource>\S+))?(?P<why>.*)",
    re.DOTALL,
)
_HERE = "An administrator of the account adds this to the policy of {who}: {statement}"
_SHAPES = (
    (
        "service control policy",
        "Your organisation forbids {action}: nobody in this account can allow it. Ask who looks after the organisation.",
    ),
    (
        "permissions boundary",
        "A permissions boundary of {who} blocks {action}: adding it to the role alone will not help, the boundary has "
        "to have it, too: {statement}",
    ),
    (
        "vpc endpoint policy",
        "The policy of the network's endpoint blocks {action}; it has to have this: {statement}",
    ),
    (
        "session policy",
        "The session of {who} was begun with fewer rights, without {action}: sign in anew without them.",
    ),
    ("explicit deny", "A policy denies {action} to {who} on purpose: ask who looks after the account."),
    ("resource-based policy", "The policy of what is asked for has to allow it: {statement}"),
    ("no identity-based policy", _HERE),
)
_UNTOLD = "AWS does not say why. Where it is for want of a permission: " + _HERE[0].lower() + _HERE[1:]
# Fields of the form by the service of the action.
_FIELDS = {"iam": "role", "kms": "kms_key", "ecr": "image", "ec2": "subnets"}


@dataclass(frozen=True)
class Denial:
    """`why` is AWS's own text from there on, maybe empty; `resource` is an ARN or `*`."""

    action: str
    who: str = ""
    resource: str = "*"
    why: str = ""

    @property
    def field(self) -> str | None:
        """The member of the form that the action is about."""
        return _FIELDS.get(self.action.partition(":")[0])

    @property
    def advice(self) -> str:
        """What to do, with the policy's statement as JSON where one would help."""
        text = next((advice for words, advice in _SHAPES if words in self.why.lower()), _UNTOLD)
        who = identity_label(self.who) if self.who else "the role that this server uses"
        return text.format(action=self.action, who=who, statement=json.dumps(self.statement))

    @property
    def statement(self) -> dict[str, Any]:
        """Of an IAM policy; of the jobs of one name it allows all, as the next run has another name."""
        resource = re.sub(r"(:(?:training|processing)-job/).*", r"\1*", self.resource)
        found: dict[str, Any] = {"Effect": "Allow", "Action": self.action, "Resource": resource}
        if self.action == "iam:PassRole":
            found["Condition"] = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
        return found


def read(text: str, action: str = "") -> Denial | None:
    """Out of AWS's text; `action` is what was called, for services that do not name it."""
    match = _SENTENCE.search(text)
    if match:
        resource = (match["resource"] or "*").rstrip(".")
        return Denial(match["action"], match["who"] or "", resource, match["why"])
    return Denial(action, why=text) if action else None
