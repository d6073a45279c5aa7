"""Where this server is, and as whom it calls AWS: account, region, role, domain, space, profile."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..api import Context, Problem, Target
from ..aws.account import Account
from ..aws.identity import identity_label, whoami
from ..aws.studio import arn_part, read_metadata, server_identity
from ..errors import SmextError
from ..launch.role import find_role


def describe(
    account: Account,
    targets: Sequence[Target],
    *,
    version: str,
    read_only: bool = False,
    protected: Callable[[], bool] = lambda: False,
    warn_minutes: float = 0.0,
    waiting: str = "",
) -> Context:
    """Describe the whole context of a target. What cannot be found is None, with the reason in `problem`.

    waiting: asks AWS nothing, and says this in its place.
    """
    metadata = read_metadata()
    identity, region, role, problem = None, None, None, None
    if waiting:
        problem = Problem(code="waiting", message=waiting, advice="This page goes on by itself.")
    try:
        region = account.region
        if not waiting:
            identity = whoami(account).arn or None
            role, _ = find_role(account, metadata)
    except SmextError as error:
        problem = error.problem()
    return Context(
        target=account.target,
        targets=list(targets),
        place=metadata.place,
        place_label=metadata.label,
        account=arn_part(identity, 4) or arn_part(metadata.role, 4),
        region=region,
        identity=identity,
        identity_label=identity_label(identity),
        role=role or metadata.role,
        domain=metadata.domain,
        space=metadata.space,
        user=server_identity(account, metadata).user if problem is None else metadata.user,
        endpoint=account.endpoint,
        endpoint_label="local sandbox (free)" if account.local else None,
        read_only=read_only,
        protected=protected(),
        problem=problem,
        warn_minutes=warn_minutes,
        version=version,
    )
