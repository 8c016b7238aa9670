"""Why is nobody selected: how large is each clause, and which one empties the result?"""

from pydantic import BaseModel, Field

from store.population.population import Population
from tools.audience.expression import And, Expression, all_of
from tools.audience.selection import Location, Selection, as_hashes, in_words, sizes

MOST_CLAUSES = 50
PLACE = "location"


class Clause(BaseModel):
    """One of the things that must hold together."""

    clause: str = Field(description="Its expression, or `location`.")
    in_words: str
    size: int = Field(description="People for whom it holds on its own.")
    running: int = Field(description="People for whom it and all clauses above hold.")
    without_it: int = Field(description="People who would be found if it were dropped.")
    empties: bool = Field(description="Whether it is the first that leaves nobody.")


def diagnose_empty(population: Population, selection: Selection) -> tuple[list[Clause], str]:
    """The clauses of an empty selection, and what would be right."""
    assert selection.expression is not None  # an audience without one is empty only where nobody is kept
    parts = _clauses(selection.expression)
    place = selection.location
    alone = sizes(population, [Selection(part) for part in parts])
    running = sizes(population, [Selection(all_of(parts[: at + 1])) for at in range(len(parts))])
    dropped = sizes(population, [_joined(parts[:at] + parts[at + 1 :], place) for at in range(len(parts))])
    catalogue = population.catalogue
    clauses = [
        Clause(
            clause=as_hashes(part, catalogue),
            in_words=in_words(part, catalogue),
            size=alone[at],
            running=running[at],
            without_it=dropped[at],
            empties=running[at] == 0 and (at == 0 or running[at - 1] > 0),
        )
        for at, part in enumerate(parts)
    ]
    if place:
        clauses.append(
            Clause(
                clause=PLACE,
                in_words=f"within {place.radius:g} {place.unit} of {place.latitude:g}, {place.longitude:g}",
                size=sizes(population, [Selection(location=place)])[0],
                running=0,
                without_it=running[-1],
                empties=running[-1] > 0,
            )
        )
    return clauses, _advice(clauses)


def _joined(parts: list[Expression], place: Location | None) -> Selection:
    return Selection(all_of(parts) if parts else None, place)


def _clauses(expression: Expression) -> list[Expression]:
    parts: list[Expression] = list(expression.children) if isinstance(expression, And) else [expression]
    return parts if len(parts) <= MOST_CLAUSES else [expression]


def _advice(clauses: list[Clause]) -> str:
    empty = next((clause for clause in clauses if clause.size == 0), None)
    if empty and empty.clause == PLACE:
        return f"Nobody at all lives {empty.in_words}: widen the radius, or check the coordinates."
    if empty:
        return f"Nobody at all is in `{empty.in_words}`: drop it, or take another value of that attribute."
    best = max(clauses, key=lambda clause: clause.without_it)
    if best.without_it:
        return (
            f"Without `{best.in_words}` there are {best.without_it:,} people; or join rare clauses with OR."
        )
    return "No single clause is to blame: the combination is too narrow. Join some clauses with OR."
