"""What changed from one profile to another, line by line?"""

from typing import Any

from pydantic import BaseModel, Field

from tools.profiles.content.document import LISTS, ProfileDocument

NAMED = {
    "name": "the name",
    "description": "the description",
}
SHOWN = 3


class Difference(BaseModel):
    """One line that differs."""

    path: str = Field(description="`industries`, `company_size.min_employees`, `criteria.Employees.weight`.")
    before: Any = Field(description="None where it was not there.")
    after: Any = Field(description="None where it is not there any more.")
    in_words: str


def differences(before: ProfileDocument, after: ProfileDocument) -> list[Difference]:
    """Every line that differs, in the order of a profile; an order of phrases alone is none."""
    mine, theirs = (each.model_dump(mode="json") for each in (before, after))
    found: list[Difference] = []
    for name in ProfileDocument.model_fields:
        old, new = mine[name], theirs[name]
        if name in LISTS:
            found += _of_list(name, old, new)
        elif name == "criteria":
            found += _of_criteria(old, new)
        elif name == "origin":
            found += _of_origin(old, new)
        elif name in ("company_size", "weights"):
            found += _of_parts(name, old or {}, new or {})
        elif old != new:
            words = f"{NAMED[name]} was changed"
            if name == "name":
                words = f"renamed from `{old}` to `{new}`"
            found.append(Difference(path=name, before=old, after=new, in_words=words))
    return found


def _of_list(name: str, old: list[str], new: list[str]) -> list[Difference]:
    came = [each for each in new if each not in old]
    went = [each for each in old if each not in new]
    if not came and not went:
        return []
    told = [f"{word} {_shown(each)}" for word, each in (("added", came), ("removed", went)) if each]
    return [Difference(path=name, before=old, after=new, in_words=f"{name}: {' and '.join(told)}")]


def _shown(phrases: list[str]) -> str:
    more = f" and {len(phrases) - SHOWN} more" if len(phrases) > SHOWN else ""
    return ", ".join(f"`{each}`" for each in phrases[:SHOWN]) + more


def _of_parts(name: str, old: dict[str, Any], new: dict[str, Any]) -> list[Difference]:
    return [
        Difference(
            path=f"{name}.{part}",
            before=old.get(part),
            after=new.get(part),
            in_words=f"{part.replace('_', ' ') if name == 'company_size' else f'weight of {part}'}: "
            f"{_figure(old.get(part))} to {_figure(new.get(part))}",
        )
        for part in dict.fromkeys([*old, *new])
        if old.get(part) != new.get(part)
    ]


def _figure(value: float | None) -> str:
    return "open" if value is None else f"{value:,g}"


def _of_criteria(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[Difference]:
    mine, theirs = ({(each["column"], each["value"]): each for each in side} for side in (old, new))
    found = []
    for key in dict.fromkeys([*mine, *theirs]):
        one, other = mine.get(key), theirs.get(key)
        if one == other:
            continue
        label = (one or other or {})["label"]
        if one is None or other is None:
            words = f"criterion `{label}` was {'added' if one is None else 'removed'}"
            found.append(Difference(path=f"criteria.{label}", before=one, after=other, in_words=words))
            continue
        for part in one:
            if one[part] != other[part]:
                words = f"{part.replace('_', ' ')} of criterion `{label}` was changed"
                found.append(
                    Difference(
                        path=f"criteria.{label}.{part}", before=one[part], after=other[part], in_words=words
                    )
                )
    return found


def _of_origin(old: dict[str, Any] | None, new: dict[str, Any] | None) -> list[Difference]:
    if old == new:
        return []
    return [Difference(path="origin", before=old, after=new, in_words="the criteria come from other data")]


def told_differences(found: list[Difference]) -> str:
    """All of them in a line; `nothing` where there are none."""
    told = "; ".join(each.in_words for each in found[:SHOWN])
    more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return told + more if found else "nothing"
