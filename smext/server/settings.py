"""What an administrator may set (traits of smext.app.SmextApp). Passed on whole: whoever uses one reads it here.

Imports nothing that the server's start does not need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from traitlets import Bool, Float, HasTraits, Int, List, Unicode

from .lenient_traits import Amount, Members, Texts

if TYPE_CHECKING:
    from ..launch import Limits


class Settings(HasTraits):
    """Settings with their defaults; a new one is a trait here and whatever reads it."""

    profiles = List(
        Unicode(), help="AWS profiles that may be used; none: the server's own credentials only."
    ).tag(config=True)
    regions = List(Unicode(), help="AWS regions that may be looked at; none: the configured one only.").tag(
        config=True
    )
    read_only = Bool(False, help="Nothing may be launched, stopped or deleted from here.").tag(config=True)
    keep = List(
        Unicode(),
        help="Names, with * and ?, of what nobody is warned of, as the tag smext:keep says it of one thing.",
    ).tag(config=True)
    protected_accounts = List(
        Unicode(),
        help="Account numbers, profiles or labels of targets, with * and ?, in which nothing is stopped with others, "
        "and one thing only when it is asked twice.",
    ).tag(config=True)
    warn_minutes = Float(
        15.0, min=0.0, help="How often to look for what deserves a warning while nobody does; 0: never."
    ).tag(config=True)
    endpoint_url = Unicode("", help="Where AWS calls go; empty: AWS, or AWS_ENDPOINT_URL.").tag(config=True)
    calls_per_second = Float(10.0, min=0.1, help="AWS calls a second and target, over time.").tag(config=True)
    burst = Int(250, min=1, help="AWS calls at once and target, when there were few before.").tag(config=True)
    cadence_scale = Float(1.0, min=0.001, help="Multiplies the seconds between two readings of AWS.").tag(
        config=True
    )
    connect_seconds = Float(4.0, min=0.1, help="How long to wait for a connection to AWS.").tag(config=True)
    read_seconds = Float(20.0, min=0.1, help="How long to wait for AWS to go on with an answer.").tag(
        config=True
    )
    call_seconds = Float(
        6.0, min=0.1, help="How long to wait for the whole answer to a call that only reads."
    ).tag(config=True)
    instance_types = Texts(
        help="Types that a launch may have, with * and ?, such as ml.m5.*; none: all."
    ).tag(config=True)
    max_usd = Amount(help="The most US dollars that one launch may cost.").tag(config=True)
    required_tags = Texts(help="Keys of tags that every launch from here must have a value for.").tag(
        config=True
    )
    fixed = Members(
        help="Members of the launch form that nobody can change, with their values: "
        "{'subnets': ['subnet-1'], 'security_groups': ['sg-1'], 'kms_key': '...', 'tags': {'team': 'a'}}."
    ).tag(config=True)
    defaults = Members(
        help="Members of the launch form, with the values that they open with where nobody chose others."
    ).tag(config=True)

    def limits(self) -> Limits:
        """Read what there is of launches. What makes no sense is a problem of the limits."""
        from ..launch.form.settings import TRAITS, limits_of

        return limits_of({name: getattr(self, name) for name in TRAITS})
