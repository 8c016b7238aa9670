"""What does an edit form hold, what of it was changed, and what when somebody else was first?"""

from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from store.errors import BadInput
from tools.profiles.changing.update_icp_profile import checked_document
from tools.profiles.content.differences import Difference, differences
from tools.profiles.content.document import DIMENSIONS, LISTS, ProfileDocument, Weights

LONGEST = 4_000
MOST_LINES = 60


class Sent(BaseModel):
    """A profile's form as a browser sends it: every line a field, in order."""

    model_config = ConfigDict(extra="ignore")

    name: str = Field(default="", max_length=200)
    description: str = Field(default="", max_length=LONGEST)
    industries: list[str] = Field(default_factory=list, max_length=MOST_LINES)
    geography: list[str] = Field(default_factory=list, max_length=MOST_LINES)
    roles: list[str] = Field(default_factory=list, max_length=MOST_LINES)
    signals: list[str] = Field(default_factory=list, max_length=MOST_LINES)
    disqualifiers: list[str] = Field(default_factory=list, max_length=MOST_LINES)
    min_employees: str = Field(default="", max_length=20)
    max_employees: str = Field(default="", max_length=20)
    weigh_industries: str = Field(default="", max_length=20)
    weigh_company_size: str = Field(default="", max_length=20)
    weigh_geography: str = Field(default="", max_length=20)
    weigh_roles: str = Field(default="", max_length=20)
    weigh_signals: str = Field(default="", max_length=20)
    weigh_criteria: str = Field(default="", max_length=20, description="Percent.")
    keep: list[int] = Field(
        default_factory=list, max_length=200, description="Places of the criteria that stay."
    )
    weight: list[str] = Field(
        default_factory=list, max_length=200, description="Of each criterion, in order."
    )
    base: int = Field(default=0, ge=0, description="The revision that the form was filled from.")
    revision: int = Field(default=0, ge=0, description="The newest revision that whoever sends it has seen.")
    add: str = Field(default="", max_length=20, description="The list that gets a line.")
    remove: str = Field(default="", max_length=30, description="`industries:2`: the line that goes.")
    visibility: str = Field(default="private", max_length=10)

    def lines(self, name: str) -> list[str]:
        """What stands in the lines of a list, blanks too."""
        return getattr(self, name)


def document_sent(sent: Sent, base: ProfileDocument | None) -> ProfileDocument:
    """The document that the form makes. base: whose criteria and origin it goes on with. Raises BadInput."""
    given: dict[str, Any] = {"name": sent.name, "description": sent.description}
    given |= {name: [line for line in sent.lines(name) if line.strip()] for name in LISTS}
    ends = _whole(sent.min_employees, "company_size"), _whole(sent.max_employees, "company_size")
    if any(end is not None for end in ends):
        given["company_size"] = {"min_employees": ends[0], "max_employees": ends[1]}
    before = base.weights if base else Weights()
    weights = before.model_dump()
    for each in DIMENSIONS:
        weights[each] = _figure(getattr(sent, f"weigh_{each}"), weights[each], each)
    share = _figure(sent.weigh_criteria, 100 * before.criteria, "criteria")
    weights["criteria"] = before.criteria if abs(share - 100 * before.criteria) < 0.5 else share / 100
    given["weights"] = weights
    if base is not None and base.criteria:
        given["criteria"] = _criteria(sent, base)
        given["origin"] = base.origin.model_dump() if base.origin and given["criteria"] else None
    return checked_document(given)


def _criteria(sent: Sent, base: ProfileDocument) -> list[dict[str, Any]]:
    kept = []
    for at, each in enumerate(base.criteria):
        if at not in sent.keep:
            continue
        told = sent.weight[at] if at < len(sent.weight) else ""
        weight = _figure(told, each.weight, "criteria")
        # The form shows three decimals: what was not touched stays to the last digit.
        weight = each.weight if abs(weight - each.weight) <= 5e-4 else weight
        kept.append(each.model_dump() | {"weight": weight})
    return kept


def _whole(told: str, where: str) -> int | None:
    told = told.strip()
    if not told:
        return None
    if not (told.isascii() and told.isdigit()):
        raise BadInput(
            "A number of employees is digits alone", where=where, instead="50, or nothing for open."
        )
    return int(told)


def _figure(told: str, otherwise: float, where: str) -> float:
    if not told.strip():
        return otherwise
    try:
        return float(told.replace(",", "."))
    except ValueError:
        raise BadInput(
            "A weight is a number", where=where, instead="1 is the usual, 2 counts twice."
        ) from None


def form_of(document: ProfileDocument, revision: int) -> Sent:
    """The form filled in with a document."""
    size = document.company_size
    lists = {name: list(getattr(document, name)) for name in LISTS}
    weights = {f"weigh_{each}": f"{getattr(document.weights, each):g}" for each in DIMENSIONS}
    filled: dict[str, Any] = {**lists, **weights}
    return Sent(
        name=document.name,
        description=document.description,
        **filled,
        min_employees="" if size is None or size.min_employees is None else str(size.min_employees),
        max_employees="" if size is None or size.max_employees is None else str(size.max_employees),
        weigh_criteria=f"{100 * document.weights.criteria:.0f}",
        keep=list(range(len(document.criteria))),
        weight=[f"{each.weight:.3f}" for each in document.criteria],
        base=revision,
        revision=revision,
    )


def with_lines(sent: Sent) -> tuple[Sent, str]:
    """The form with the line that was asked for, or without it, and the list that has changed."""
    name, _, place = (sent.remove or sent.add).partition(":")
    if name not in LISTS:
        raise BadInput("There is no such list", where="add", instead=f"One of {', '.join(LISTS)}.")
    lines = list(sent.lines(name))
    if sent.remove and place.isdigit() and int(place) < len(lines):
        del lines[int(place)]
    elif not sent.remove:
        lines.append("")
    return sent.model_copy(update={name: lines}), name


def changes_between(base: ProfileDocument, mine: ProfileDocument) -> dict[str, Any]:
    """The fields that the form changed, as an update takes them."""
    before, after = (each.model_dump(mode="json") for each in (base, mine))
    return {name: after[name] for name in after if after[name] != before[name]}


class Clash(NamedTuple):
    """Two edits of one revision."""

    theirs: list[Difference]
    mine: list[Difference]
    both: list[str]  # fields that both changed: whoever saves last decides these


def clash(base: ProfileDocument, theirs: ProfileDocument, mine: ProfileDocument) -> Clash:
    """What each of two edits of the same revision changed."""
    one, other = (changes_between(base, each) for each in (theirs, mine))
    return Clash(differences(base, theirs), differences(base, mine), [name for name in one if name in other])
