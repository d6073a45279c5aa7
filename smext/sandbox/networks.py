"""Networks of a sandbox's account: a VPC with one subnet, one security group, and the wanted routes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from .backends import Backends

Way = Literal["", "nat", "internet gateway", "peering"]
_CIDR = "10.9.0.0/16"


@dataclass(frozen=True)
class Network:
    vpc: str
    subnet: str
    group: str

    @property
    def form(self) -> dict[str, list[str]]:
        """Members of a launch form."""
        return {"subnets": [self.subnet], "security_groups": [self.group]}


def make(
    backends: Backends, region: str, way: Way = "", *, s3: bool = True, endpoints: tuple[str, ...] = ()
) -> Network:
    """Make a network; `s3`: with a gateway endpoint; `endpoints`: last parts of interface endpoints' names (`sts`)."""
    ec2 = backends.service("ec2", region)
    vpc = ec2.create_vpc(_CIDR)
    subnet = ec2.create_subnet(vpc.id, "10.9.1.0/24", availability_zone=f"{region}a")
    group = ec2.create_security_group("runs", "Runs of notebooks", vpc.id)
    [table] = ec2.describe_route_tables(filters={"vpc-id": [vpc.id]})
    services = f"com.amazonaws.{region}"
    if s3:
        ec2.create_vpc_endpoint(vpc.id, f"{services}.s3", "Gateway", None, [table.id], subnet_ids=[])
    for name in endpoints:
        ec2.create_vpc_endpoint(vpc.id, f"{services}.{name}", "Interface", None, [], subnet_ids=[subnet.id])
    target = _target(ec2, vpc, subnet, way)
    if target:
        ec2.create_route(table.id, "0.0.0.0/0", **target)
    return Network(vpc.id, subnet.id, group.id)


def _target(ec2: Any, vpc: Any, subnet: Any, way: Way) -> dict[str, str]:
    if way == "nat":
        address = ec2.allocate_address("vpc")
        return {"nat_gateway_id": ec2.create_nat_gateway(subnet.id, address.allocation_id).id}
    if way == "internet gateway":
        gateway = ec2.create_internet_gateway()
        ec2.attach_internet_gateway(gateway.id, vpc.id)
        return {"gateway_id": gateway.id}
    if way == "peering":
        other = ec2.create_vpc("10.8.0.0/16")
        return {"vpc_peering_connection_id": ec2.create_vpc_peering_connection(vpc, other).id}
    return {}
