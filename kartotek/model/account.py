"""Account: what those who run this Kartotek have decided for all of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Account:
    """`data_privacy`: whoever imports contacts is asked on what legal ground their data is kept.

    `associates_by_domain`: contacts get the company of their email's domain, unless it is one of `excluded_domains`.
    `activity_rules`: what a new activity is associated with further, where somebody chose (domain/activities.py).
    """

    data_privacy: bool = False
    associates_by_domain: bool = False
    excluded_domains: tuple[str, ...] = ()
    activity_rules: Mapping[str, str] = field(default_factory=dict)
