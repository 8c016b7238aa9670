"""How an audience that holds nobody is loosened: by the clause that costs most."""

from store.population.population import Population
from tools.audience.expression import And, Expression, Or, all_of, any_of, canonical
from tools.audience.selection import Selection, in_words, sizes


def without_worst(
    population: Population, expression: Expression, required: list[Expression], around: Selection
) -> tuple[Expression, str] | None:
    """The expression without the clause whose loss leaves the most people, and that step in words.

    required: expressions that hold for everyone beside it. around: the circle, and who is left out.
    In an OR each alternative loses one. None where there is nothing left to drop.
    """
    if isinstance(expression, Or):
        return _each_alternative(population, expression, required, around)
    if not isinstance(expression, And):
        return None
    rests = [
        canonical(all_of(expression.children[:at] + expression.children[at + 1 :]))
        for at in range(len(expression.children))
    ]
    left = sizes(population, [_around(around, [rest, *required]) for rest in rests])
    alone = sizes(population, [Selection(clause) for clause in expression.children])
    worst = max(range(len(rests)), key=lambda at: (left[at], -alone[at]))
    return rests[worst], f"dropped `{in_words(expression.children[worst], population.catalogue)}`"


def _each_alternative(
    population: Population, either: Or, required: list[Expression], around: Selection
) -> tuple[Expression, str] | None:
    looser = [without_worst(population, child, required, around) for child in either.children]
    if not any(looser):
        return None
    parts = [found[0] if found else child for found, child in zip(looser, either.children, strict=True)]
    return canonical(any_of(parts)), "dropped the trait that costs most from each alternative"


def _around(around: Selection, parts: list[Expression]) -> Selection:
    return Selection(all_of(parts), around.location, around.without)
