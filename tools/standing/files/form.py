"""In which form is a standing audience written, and what must be known before?"""

from dataclasses import dataclass

from pyroaring import BitMap

from store.errors import Conflict
from store.population.population import Population
from tools.activation.chosen import Chosen
from tools.activation.plan import selection_of
from tools.activation.platforms import PLATFORMS, Platform
from tools.activation.preflight import criteria_warnings, place_warnings, size_warnings
from tools.activation.queries import ExportAudience, ExportWarning
from tools.activation.rows import Rows, Tally
from tools.standing.people.definition import Definition
from tools.standing.queries import KeepAudience


@dataclass(frozen=True)
class Form:
    """How one standing audience becomes files."""

    population: Population
    definition: Definition
    query: KeepAudience
    standing_id: str

    @property
    def platform(self) -> Platform:
        """Whose rules it is held to; without one those of plain files."""
        return PLATFORMS[self.query.platform or "plain"]

    @property
    def asked(self) -> ExportAudience:
        """The same, as an export asks for it."""
        given = self.query
        return ExportAudience(
            destination=given.platform or "plain",
            audience_id=self.standing_id,
            accept=given.accept,
            countries=given.countries,
            special_ad_category=given.special_ad_category,
            company=given.company,
            leave_out=given.leave_out,
        )

    def rows(self, people: list[BitMap]) -> Rows:
        """The rows of these people; reading them counts them."""
        return Rows(self.population, people, self.platform, self.asked)

    def warnings_of(self, people: list[BitMap], tally: Tally) -> list[ExportWarning]:
        """What to know of the criteria and of the rows that were counted."""
        chosen = self._chosen(people)
        return [
            *criteria_warnings(self.population.catalogue, chosen, self.platform, self.asked),
            *size_warnings(tally, chosen, self.platform, self.asked),
            *place_warnings(tally, self.platform),
        ]

    def require_allowed(self) -> None:
        """Raise Conflict where the criteria alone stop a file: nothing is read for it."""
        nobody = self._chosen([])
        self.require_accepted(criteria_warnings(self.population.catalogue, nobody, self.platform, self.asked))

    def require_accepted(self, warnings: list[ExportWarning]) -> None:
        """Raise Conflict where a warning stops the files and was not accepted."""
        stops = [each for each in warnings if each.severity == "stop" and each.code not in self.query.accept]
        if stops:
            codes = ", ".join(dict.fromkeys(each.code for each in stops))
            raise Conflict(
                f"No file is written as it is: {' '.join(each.what for each in stops)}",
                where="standing audience",
                instead=f"{stops[0].instead} Keep it again with `accept` of {codes} if that was looked at.",
            )

    def _chosen(self, people: list[BitMap]) -> Chosen:
        expression = selection_of(self.population, self.definition.expression).expression
        return Chosen(
            people=people,
            in_words=self.definition.in_words,
            codes=tuple(int(code) for code in expression.terms()) if expression else (),
            location=self.definition.location,
            ranked=self.definition.ranked_by is not None,
        )
