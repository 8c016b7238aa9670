"""How a person with a trait is told of, when the mapping gives no words of its own."""

from store.population.mapping.model import Column

PREFIXES = {
    "interested_in_": "interested in {}",
    "interested_": "interested in {}",
    "purchased_": "has bought {}",
    "owns_": "owns {}",
    "has_": "has {}",
    "is_": "{}",
    "donated_": "has donated to {}",
}


def label_of(column: Column) -> str:
    """The attribute in words: `Household income range`."""
    return column.label or _words(column.attribute).capitalize()


def phrase_of(column: Column, value: str) -> str:
    """A person with this value, in words.

    A mapping's phrase may hold `{value}`, and for flags two forms: `has a loan / has no loan`.
    """
    if column.phrase:
        yes, _, no = column.phrase.partition(" / ")
        return (no or f"not: {yes}") if value == "No" else yes.replace("{value}", value)
    name = column.attribute
    if value in ("Yes", "No"):
        told = next((form.format(_words(name.removeprefix(start))) for start, form in PREFIXES.items()
                     if name.startswith(start)), _words(name))  # fmt: skip
        return told if value == "Yes" else f"not {told}"
    if name.endswith("_affinity"):
        return f"{value.lower()} affinity to {_words(name.removesuffix('_affinity'))}"
    return f"{label_of(column).lower()}: {value}"


def _words(name: str) -> str:
    return name.replace("_", " ")
