"""What an audience expression says: read, put in order, written, answered over bitmaps."""

from tools.audience.expression.canonical import canonical
from tools.audience.expression.evaluation import count, evaluate
from tools.audience.expression.grammar import Limits, parse
from tools.audience.expression.tree import (
    And,
    Expression,
    Not,
    Or,
    Term,
    all_of,
    any_of,
    map_terms,
    to_text,
)

__all__ = [
    "And",
    "Expression",
    "Limits",
    "Not",
    "Or",
    "Term",
    "all_of",
    "any_of",
    "canonical",
    "count",
    "evaluate",
    "map_terms",
    "parse",
    "to_text",
]
