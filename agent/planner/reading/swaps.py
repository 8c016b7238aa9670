"""What is given up for something else: `swap phones for device ids`?"""

import re

from agent.planner.reading.sentence import Sentence

_SWAP = re.compile(
    r"\b(?:(?:swap|trade|exchange|replace|substitute)(?: out)? (?:the |my )?(?P<one>[^,.;]{2,40}?)"
    r" (?:for|with|by)"
    r"|(?:change|switch|move|go) (?:it )?from (?:the )?(?P<other>[^,.;]{2,40}?) to)\s",
    re.I,
)


def take_given_up(sentence: Sentence) -> None:
    """Take out what is swapped for something else, so that only the new is read."""
    sentence.take_all(_SWAP)
