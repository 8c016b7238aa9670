"""How a question back reads."""

NO_TRAITS = "Which people? Name their traits, such as `homeowners in Texas who play golf`."
NO_SOURCE = "From which customers, profile or traits should the audience be made?"
NO_EARLIER = (
    "There is no earlier audience in this conversation. From which customers, profile or traits should "
    "one be made?"
)
NO_CUSTOMERS = "Which customers should be analyzed? Upload a file or give identifiers."
NO_LEADS = "Which leads should be scored? Upload a file or give identifiers."
NO_PROFILE = "Which profile is meant? Give its name."
NOT_PLACED = (
    "I am not sure what is wanted. I can analyze customers, build audiences, find and count people, match "
    "identifiers, score leads, and keep profiles: which of these?"
)


def unknown_words(words: list[str]) -> str:
    """What to ask when words name no trait that there is."""
    shown = ", ".join(f"`{each[:60]}`" for each in words[:3])
    return f"No trait here matches {shown}: which trait is meant? `list_clusters` shows those there are."


def unknown_place(name: str) -> str:
    """What to ask when a place is not known, or only a radius was said."""
    if name:
        return f"I could not find the place `{name[:60]}`. Near which American city or ZIP code?"
    return "Around which city or ZIP code?"
