"""How many people does an expression match, and how many of the customers it is meant for?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field

from store.population.catalogue import FIRST_ID, Catalogue
from tools.audience.expression import Expression, Term, all_of, any_of, canonical
from tools.audience.selection import as_hashes, in_words
from tools.mining.evidence.statistics import wilson_interval
from tools.mining.findings import Estimate, Trait
from tools.mining.rows.counting import trait_of


class MeasuredExpression(BaseModel):
    """An expression over clusters, sized exactly and measured on customers."""

    expression: str = Field(description="In cluster hashes.")
    in_words: str
    alternatives: list[list[Trait]] = Field(description="Any of these sets; in each, all of its traits.")
    total: int = Field(description="People it matches; exact.")
    new_people: int = Field(description="Those of them who are not among the customers.")
    share_of_population: float
    customers_measured: int = Field(description="Customers on whom recall and lift were measured.")
    recall: Estimate = Field(description="Share of those customers whom it matches; Wilson interval.")
    lift: Estimate = Field(description="recall / share_of_population.")
    held_out: bool = Field(description="Whether those customers had no part in making it.")


class FindingAudience(MeasuredExpression):
    """The people of a finding; for a segment recall and lift are those of its members."""

    precision: Estimate | None = Field(
        default=None,
        description="Of the customers it matches, the share who are members of the segment; Wilson interval.",
    )


@dataclass(frozen=True)
class Reached:
    """Counts of one expression. people, fresh: of `everyone`; hits: of the customers measured on."""

    people: int
    fresh: int
    everyone: int
    hits: int
    measured: int
    held_out: bool

    @property
    def share(self) -> float:
        """Of the population, 0..1."""
        return self.people / max(1, self.everyone)

    def figures(self) -> dict[str, Any]:
        """The fields of a measured expression that are counts or made from them."""
        recall = share_estimate(self.hits, self.measured)
        return {
            "total": self.people,
            "new_people": self.fresh,
            "share_of_population": self.share,
            "customers_measured": self.measured,
            "recall": recall,
            "lift": scaled(recall, 1 / self.share if self.share else 0.0),
            "held_out": self.held_out,
        }


def worded(alternatives: Sequence[Iterable[int]], catalogue: Catalogue) -> dict[str, Any]:
    """The fields of a measured expression that say what it asks for: any of these sets of codes."""
    sets = [sorted(int(code) for code in codes) for codes in alternatives]
    expression = expression_over(sets)
    return {
        "expression": as_hashes(expression, catalogue),
        "in_words": in_words(expression, catalogue),
        "alternatives": [[trait_of(catalogue[code]) for code in codes] for codes in sets],
    }


def expression_over(alternatives: Iterable[Iterable[int]]) -> Expression:
    """Any of these sets of cluster codes, all codes of each; in canonical form."""
    return canonical(any_of(all_of(Term(str(int(code))) for code in codes) for codes in alternatives))


def code_of(trait: Trait) -> int:
    """The code of the trait's cluster."""
    return int(trait.cluster_id) - FIRST_ID


def share_estimate(having: int, total: int) -> Estimate:
    """The share having / total with its Wilson interval; 0, from 0 to 1, of nobody."""
    low, high = (float(edge) for edge in wilson_interval(having, total))
    return Estimate(value=having / max(1, total), low=low, high=high)


def scaled(estimate: Estimate, factor: float) -> Estimate:
    """The estimate times a number that is known exactly."""
    return Estimate(value=estimate.value * factor, low=estimate.low * factor, high=estimate.high * factor)
