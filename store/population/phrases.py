"""How people with a trait are told of: in the words of the mapping, or in words made from its names."""

from store.population.mapping.model import Column

# How a flag's name begins: what is told of those who have it, and of those who have not.
PREFIXES = {
    "interested_in_": ("are interested in {}", "are not interested in {}"),
    "interested_": ("are interested in {}", "are not interested in {}"),
    "purchased_": ("have bought {}", "have not bought {}"),
    "owns_": ("own {}", "do not own {}"),
    "has_": ("have {}", "have no {}"),
    "is_": ("are {}", "are not {}"),
    "donated_": ("have donated to {}", "have not donated to {}"),
    "": ("have {}", "have no {}"),
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
        return (no or f"are not among those who {yes}") if value == "No" else yes
    return _default(column, value)


def _default(column: Column, value: str) -> str:
    name = column.attribute
    if value in ("Yes", "No") and column.kind == "flag":
        prefix = next(prefix for prefix in PREFIXES if name.startswith(prefix))
        yes, no = PREFIXES[prefix]
        return (yes if value == "Yes" else no).format(_words(name.removeprefix(prefix)))
    if column.kind == "date" and column.read_as == "date":
        joint = "" if value.startswith("before ") else "in "
        return f"have a {label_of(column).lower()} {joint}{value}"
    if name.endswith("_affinity"):
        return f"have a {value.lower()} affinity to {_words(name.removesuffix('_affinity'))}"
    return f"have {label_of(column).lower()} {value}"


def _words(name: str) -> str:
    return name.replace("_", " ")
