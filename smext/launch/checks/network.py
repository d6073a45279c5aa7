"""What a network of one's own needs: that its parts are there and belong together, and where they lead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ...api import Check, check
from ...aws import studio
from ...aws.account import Account
from ...aws.cache import remembered
from .. import network
from .base import Online, Question
from .context import Context

SUBNETS, GROUPS, WHEELS = "subnets", "security_groups", "send_wheels"
ENDPOINTS = ("sagemaker.api", "logs", "sts", "ecr.api", "ecr.dkr")
"""Services that code in a notebook calls, by the ends of their endpoints' names; S3 has a check of its own."""
_INTERNET = "0.0.0.0/0"

Way = Literal["out", "closed", "public", "elsewhere"]
"""Of a subnet to the internet. `public`: by an internet gateway alone, which takes machines with public addresses
only, and a job's have none. `elsewhere`: through something whose other end nobody can see from here."""


@dataclass(frozen=True)
class NetworkSettings:
    """The network of a launch. `installs`: packages come from an index."""

    vpc: Mapping[str, Any]
    isolated: bool
    installs: bool
    machines: int
    source: str

    @property
    def subnets(self) -> list[str]:
        """Ids of the subnets."""
        return [str(each) for each in self.vpc.get("Subnets") or []]

    @property
    def groups(self) -> list[str]:
        """Ids of the security groups."""
        return [str(each) for each in self.vpc.get("SecurityGroupIds") or []]


Subnets = Callable[[], list[dict[str, Any]]]


def wanted(context: Context) -> NetworkSettings:
    """Return the network that the run would be in."""
    form, config = context.form, context.asked.config
    return NetworkSettings(
        vpc=network.vpc(form, config),
        isolated=network.is_isolated(form, config),
        installs=context.installs,
        machines=form.instance_count,
        source="the form" if form.subnets else "the SDK's config",
    )


def subnets(account: Account, wanted: NetworkSettings) -> Subnets:
    """Those of the run that are there, asked for once. Raises errors.SmextError where it cannot be told."""
    return lambda: _found(account, "DescribeSubnets", "Subnets", "subnet-id", wanted.subnets)


def questions(context: Context) -> dict[str, Question]:
    """Return what to ask of the network."""
    account, needed, domain = context.account, wanted(context), studio.read_metadata().domain
    if not needed.vpc:
        if not domain:
            return {}
        return {"the domain": Question("network", SUBNETS, lambda: of_domain(account, domain))}
    there = subnets(account, needed)
    return {
        "the subnets": Question("network", SUBNETS, lambda: of_subnets(needed, there())),
        "the security groups": Question("network", GROUPS, lambda: of_groups(account, needed, there)),
        "the routes": Question("network", SUBNETS, lambda: of_routes(account, needed, there())),
    }


def of_domain(account: Account, domain: str) -> list[Check]:
    """Warn of a domain whose spaces are in a network of their own, and a run that is not."""
    found = studio.domain(account, domain)
    if found.get("AppNetworkAccessType") != "VpcOnly":
        return []
    message = f"This domain keeps to its own network, and the run would be in SageMaker's: {domain}"
    named = ", ".join(map(str, found.get("SubnetIds") or []))
    advice = f"Choose its subnets ({named}) and a security group, if the run needs what is in there."
    return [check("network", "warning", message, advice, SUBNETS)]


def of_subnets(wanted: NetworkSettings, found: list[dict[str, Any]]) -> list[Check]:
    """Check that the subnets exist, in one network."""
    missing = sorted(set(wanted.subnets) - {str(each["SubnetId"]) for each in found})
    if missing:
        message = f"There is no such subnet in this account and region: {', '.join(missing)}"
        return [check("network", "will fail", message, "Choose one that is there.", SUBNETS)]
    networks = sorted({str(each.get("VpcId")) for each in found})
    if len(networks) > 1:
        message = f"The subnets belong to several networks: {', '.join(networks)}"
        return [check("network", "will fail", message, "Choose subnets of one VPC.", SUBNETS)]
    free = [each["AvailableIpAddressCount"] for each in found if "AvailableIpAddressCount" in each]
    if free and sum(free) < wanted.machines:
        message = f"The subnets have {sum(free)} addresses left, {wanted.machines} are wanted."
        return [check("network", "will fail", message, "Choose another subnet of the VPC, too.", SUBNETS)]
    message = f"It runs in your network {networks[0]}: {', '.join(wanted.subnets)} ({wanted.source})"
    return [check("network", "ok", message, "", SUBNETS)]


def of_groups(account: Account, wanted: NetworkSettings, subnets: Subnets) -> list[Check]:
    """Check that the security groups exist, in the subnets' network."""
    found = _found(account, "DescribeSecurityGroups", "SecurityGroups", "group-id", wanted.groups)
    missing = sorted(set(wanted.groups) - {str(each["GroupId"]) for each in found})
    if missing:
        message = f"There is no such security group in this account and region: {', '.join(missing)}"
        return [check("network", "will fail", message, "Choose one that is there.", GROUPS)]
    if all(each.get("IpPermissionsEgress") == [] for each in found):
        message = f"They let nothing out, not even to S3: {', '.join(wanted.groups)}"
        return [
            check("network", "will fail", message, "Allow HTTPS (port 443) out, or choose others.", GROUPS)
        ]
    networks = {str(each.get("VpcId")) for each in subnets()}
    strangers = sorted(str(each["GroupId"]) for each in found if str(each.get("VpcId")) not in networks)
    if networks and strangers:
        message = f"They belong to another network than the subnets: {', '.join(strangers)}"
        advice = f"Choose security groups of {', '.join(sorted(networks))}."
        return [check("network", "will fail", message, advice, GROUPS)]
    message = f"The security groups belong to that network: {', '.join(wanted.groups)}"
    return [check("network", "ok", message, "", GROUPS)] if networks else []


def of_routes(account: Account, wanted: NetworkSettings, subnets: list[dict[str, Any]]) -> list[Check]:
    """Whether the run gets to S3, to a package index and to AWS's services from every subnet."""
    networks = {str(each.get("VpcId")) for each in subnets}
    if len(networks) != 1:
        return []
    network = networks.pop()
    tables = _found(account, "DescribeRouteTables", "RouteTables", "vpc-id", [network])
    endpoints = [
        each
        for each in _found(account, "DescribeVpcEndpoints", "VpcEndpoints", "vpc-id", [network])
        if str(each.get("State", "available")).lower() == "available"
    ]
    ways: dict[str, Way] = {}
    unreached: dict[str, Way] = {}
    for subnet in subnets:
        name = str(subnet["SubnetId"])
        table = _table(tables, name)
        ways[name] = _way(table)
        if ways[name] != "out" and not _reaches_s3(table, endpoints):
            unreached[name] = ways[name]
    return [
        *_of_s3(unreached, account.region),
        *(_of_index(ways) if wanted.installs and not wanted.isolated else []),
        *([] if wanted.isolated else _of_services(ways, endpoints)),
    ]


def _of_s3(unreached: Mapping[str, Way], region: str) -> list[Check]:
    shut = _with(unreached, "closed", "public")
    if shut:
        message = f"Nothing leads to S3 from: {shut}"
        advice = (
            f"Add a gateway endpoint (com.amazonaws.{region}.s3) to the route table, or choose other subnets."
        )
        return [check("network", "will fail", message, advice, SUBNETS)]
    hidden = _with(unreached, "elsewhere")
    if hidden:
        message = f"Whether S3 can be reached cannot be seen, as the way out leads through another network: {hidden}"
        return [check("network", "cannot tell", message, "Ask who looks after the network.", SUBNETS)]
    return [check("network", "ok", "S3 can be reached from there.", "", SUBNETS)]


def _of_index(ways: Mapping[str, Way]) -> list[Check]:
    advice = "Send the packages along as wheels."
    shut = _with(ways, "closed", "public")
    if shut:
        message = f"No NAT gateway leads to a package index from: {shut}"
        return [check("packages", "warning", message, advice, WHEELS)]
    hidden = _with(ways, "elsewhere")
    if hidden:
        message = f"Whether a package index can be reached cannot be seen from: {hidden}"
        return [check("packages", "cannot tell", message, advice, WHEELS)]
    return []


def _of_services(ways: Mapping[str, Way], endpoints: list[dict[str, Any]]) -> list[Check]:
    shut = _with(ways, "closed", "public")
    there = [str(each.get("ServiceName")) for each in endpoints]
    missing = [end for end in ENDPOINTS if not any(name.endswith(f".{end}") for name in there)]
    if not shut or not missing:
        return []
    message = f"Without an endpoint or a NAT gateway, the notebook cannot call: {', '.join(missing)}"
    return [check("network", "warning", message, "Add interface endpoints for what it calls.", SUBNETS)]


def _with(ways: Mapping[str, Way], *kinds: Way) -> str:
    return ", ".join(name for name, way in ways.items() if way in kinds)


def _table(tables: list[dict[str, Any]], subnet: str) -> dict[str, Any]:
    """Return the subnet's own route table, else the network's main one."""
    links = [(table, link) for table in tables for link in table.get("Associations") or []]
    own = [table for table, link in links if link.get("SubnetId") == subnet]
    main = [table for table, link in links if link.get("Main")]
    return next(iter(own + main), {})


def _way(table: Mapping[str, Any]) -> Way:
    if not table:
        return "elsewhere"
    routes = [each for each in table.get("Routes") or [] if each.get("State") != "blackhole"]
    default = next((each for each in routes if each.get("DestinationCidrBlock") == _INTERNET), None)
    if default is None:
        return "closed"
    if default.get("NatGatewayId"):
        return "out"
    return "public" if str(default.get("GatewayId") or "").startswith("igw-") else "elsewhere"


def _reaches_s3(table: Mapping[str, Any], endpoints: list[dict[str, Any]]) -> bool:
    for each in endpoints:
        if str(each.get("ServiceName", "")).endswith(".s3"):
            gateway = each.get("VpcEndpointType", "Gateway") == "Gateway"
            if not gateway or table.get("RouteTableId") in (each.get("RouteTableIds") or []):
                return True
    return False


def _found(account: Account, operation: str, member: str, by: str, values: list[str]) -> list[dict[str, Any]]:
    """By a filter: one that is missing is no error. Raises errors.SmextError."""

    def ask() -> list[dict[str, Any]]:
        answer = account.call("ec2", operation, Filters=[{"Name": by, "Values": values}])
        return list(answer.get(member) or [])

    found: list[dict[str, Any]] = remembered(account, (operation, *sorted(values)), ask)
    return found


CHECKS = (Online(360, questions),)
