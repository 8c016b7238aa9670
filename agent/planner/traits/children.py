"""Who has children?"""

import math
import re

from agent.planner.traits.ranges import Range

_KIDS = re.compile(
    r"\b(?:(?:(?:(?:have|has|having|got|with|raise|raising|are raising) )?(?:(?:a|any"
    r"|some|young|small|their|own) ){0,2}(?:kid(?:s|dos)?|child(?:ren)?|little ones"
    r"|youngsters|families|offspring)(?: (?:at|in the|living at) (?:home"
    r"|house(?:hold)?))?)"
    r"|(?P<parents>(?<!pet )(?<!dog )(?<!cat )(?<!fur )parents?(?! to|ing)"
    r"|famil(?:y|ies)(?: (?:people|households"
    r"|with (?:kids|children)))?|(?:house)?holds with (?:kids|children)"
    r"|parents? with (?:kids|children)))\b(?![- ](?:movies?|vacations?|blogs?|books?"
    r"|friendly|care|toys|fashion|clothes|clothing))",
    re.I,
)


_MOMS = re.compile(r"\b(?:soccer )?(?:moms?|mums?|mothers?|mommies|mummies)\b", re.I)


_DADS = re.compile(r"\b(?:dads?|fathers?|daddies)\b", re.I)


def children_in(text: str) -> list[Range]:
    """Words for having children, of any number."""
    return [Range("children", 1, math.inf, *match.span()) for match in _KIDS.finditer(text)]


def parents_in(text: str) -> list[tuple[str, Range]]:
    """Mothers and fathers: a gender, and children."""
    return [
        (gender, Range("children", 1, math.inf, *match.span()))
        for gender, pattern in (("Female", _MOMS), ("Male", _DADS))
        for match in pattern.finditer(text)
    ]
