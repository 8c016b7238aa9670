"""How people with a trait are told of: in the words of the mapping, or in words made from its names."""

from store.population.mapping.model import Column

PREFIXES = {
    "interested_in_": "are interested in {}",
    "interested_": "are interested in {}",
    "purchased_": "have bought {}",
    "owns_": "own {}",
    "has_": "have {}",
    "is_": "are {}",
    "donated_": "have donated to {}",
}


def label_of(column: Column) -> str:
    """The attribute in words: `Household income range`."""
    return column.label or _words(column.attribute).capitalize()


def phrase_of(column: Column, value: str) -> str:
    """What completes `people who …` for those with this value."""
    if value in column.phrases:
        return column.phrases[value]
    if "{value}" in column.phrase:
        return column.phrase.replace("{value}", value)
    if column.phrase:
        yes, _, no = column.phrase.partition(" / ")
        return (no or f"do not: {yes}") if value == "No" else yes
    return _default(column, value)


def _default(column: Column, value: str) -> str:
    name = column.attribute
    if value in ("Yes", "No") and column.kind == "flag":
        form, rest = next(
            ((form, name.removeprefix(start)) for start, form in PREFIXES.items() if name.startswith(start)),
            ("have {}", name),
        )
        told = form.format(_words(rest))
        return told if value == "Yes" else _denied(told)
    if name.endswith("_affinity"):
        return f"have a {value.lower()} affinity to {_words(name.removesuffix('_affinity'))}"
    return f"have {label_of(column).lower()} {value}"


def _denied(told: str) -> str:
    verb, _, rest = told.partition(" ")
    return {"are": f"are not {rest}", "have": f"have no {rest}"}.get(verb, f"do not {told}")


def _words(name: str) -> str:
    return name.replace("_", " ")
