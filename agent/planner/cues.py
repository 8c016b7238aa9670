"""Which words decide what is asked for, whatever else is said?"""

import re
import tomllib
from functools import cache
from pathlib import Path

CUES = Path(__file__).parent / "examples" / "cues.toml"
HARMFUL = "harmful"

Cue = tuple[float, re.Pattern[str]]


@cache
def cues() -> dict[str, tuple[Cue, ...]]:
    """For each intent its decisive words, with what each adds to the intent's score."""
    table = tomllib.loads(CUES.read_text())
    return {
        intent: tuple((cue["weight"], re.compile(cue["words"], re.IGNORECASE)) for cue in found)
        for intent, found in table.items()
        if intent != HARMFUL
    }


@cache
def harmful() -> tuple[re.Pattern[str], ...]:
    """What is declined whatever else is asked: attacks, and the private life of one person."""
    table = tomllib.loads(CUES.read_text())
    return tuple(re.compile(cue["words"], re.IGNORECASE) for cue in table[HARMFUL])
