"""Which words are on a list that comes with the planner?"""

from functools import cache
from pathlib import Path

EXAMPLES = Path(__file__).parents[1] / "examples"


@cache
def word_list(name: str) -> frozenset[str]:
    """The words of `examples/<name>.txt`, in small letters."""
    return frozenset((EXAMPLES / f"{name}.txt").read_text().lower().split())
