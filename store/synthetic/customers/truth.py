"""What was planted? The answers to a generated population, in the form of truth.json."""

from pydantic import BaseModel


class PlantedSegment(BaseModel):
    """A group of customers that were chosen by their traits."""

    name: str
    traits: dict[str, str]  # attribute -> value
    trait_shares: dict[str, float]  # attribute -> share of the segment that has the value
    share: float  # of the customers of the file
    size: int
    person_ids: list[int]


class Typo(BaseModel):
    """What was done to one cell; rows are counted from 0, the heading not among them."""

    row: int
    column: str
    kind: str
    is_lost: bool  # the identifier no longer leads to its person


class LostIdentifier(BaseModel):
    """An identifier that leads to nobody: too broken, or of somebody who is not in the population."""

    row: int
    column: str


class FileTruth(BaseModel):
    """The answers to one customer file."""

    file: str
    rows: int
    customers: int  # distinct persons
    is_random: bool  # drawn from everybody: there is nothing to find
    segments: list[PlantedSegment]
    background_person_ids: list[int]
    row_person_ids: list[int | None]  # the person of each row, null where it is nobody
    typos: list[Typo]
    unresolvable_identifiers: list[LostIdentifier]
    unresolvable_rows: list[int]  # no identifier of the row leads to its person


class Truth(BaseModel):
    """The answers to a generated population."""

    people: int
    seed: int
    files: list[FileTruth]
