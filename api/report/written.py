"""How does the reader of a chart write figures?"""

from collections.abc import Callable
from typing import NamedTuple


class Written(NamedTuple):
    """What parts thousands, what parts a fraction, and how a figure of the house reads so."""

    signs: tuple[str, str]
    told: Callable[[str], str]
