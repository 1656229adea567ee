"""Account: what those who run this Kartotek have decided for all of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """`data_privacy`: whoever imports contacts is asked on what legal ground their data is kept."""

    data_privacy: bool = False
