"""Who has these traits?"""

from pydantic import BaseModel, Field

from store.population.population import Population
from store.workspace import Workspace
from tools.audience.emptiness import Clause, diagnose_empty
from tools.audience.expression import canonical, parse
from tools.audience.preview import AudienceIdentifier, SamplePerson, audience_of, export_audience, sample_of
from tools.audience.selection import Location, Selection, as_hashes, bound, in_words
from tools.declaration import ExportingQuery, ExportingResult
from tools.profiles.scoring.persons import ranker_named


class PersonsQuery(ExportingQuery):
    """Which people, where, and by what they can be reached."""

    expression: str = Field(description="Cluster hashes or ids with AND, OR, NOT and parentheses.")
    identifier_type: AudienceIdentifier = Field(
        default="email", description="What the sample and the export hold."
    )
    location: Location | None = None
    icp_profile_id: str | None = Field(
        default=None,
        max_length=120,
        description="A profile, by id or name, or the id of an analysis, by which the people are scored.",
    )


class EmptyDiagnosis(BaseModel):
    """Why nobody was found."""

    clauses: list[Clause]
    advice: str


class PersonsResult(ExportingResult):
    """How many there are, some of them, and all of them as a file."""

    total: int
    reachable: int = Field(description="Those of them with an identifier of the type asked for.")
    sample: list[SamplePerson]
    expression: str = Field(description="The expression in canonical form, in cluster hashes.")
    in_words: str
    diagnosis: EmptyDiagnosis | None = None


def find_persons(workspace: Workspace, query: PersonsQuery) -> PersonsResult:
    """People whose traits satisfy an AND / OR / NOT expression over clusters, within a radius if asked.

    `total` is exact. NOT binds tightest, then AND, then OR. A total of 0 comes with a diagnosis: the size
    of each clause, and which one empties the result.
    """
    population = workspace.population
    catalogue = population.catalogue
    expression = canonical(bound(parse(query.expression), catalogue))
    selection = Selection(expression, query.location)
    model = ranker_named(workspace, query.icp_profile_id) if query.icp_profile_id else None
    audience = audience_of(population, selection, query.identifier_type)
    export = export_audience(
        workspace, population, audience, query.identifier_type, query.format, query.workflow_id or "", model
    )
    return PersonsResult.model_construct(
        total=audience.total,
        reachable=audience.reachable,
        sample=sample_of(population, audience, query.identifier_type, model),
        expression=as_hashes(expression, catalogue),
        in_words=in_words(expression, catalogue),
        export=export,
        diagnosis=_diagnosis(population, selection) if audience.total == 0 else None,
    )


def _diagnosis(population: Population, selection: Selection) -> EmptyDiagnosis:
    clauses, advice = diagnose_empty(population, selection)
    return EmptyDiagnosis(clauses=clauses, advice=advice)
