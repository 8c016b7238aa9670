"""What is said of a value that is not of the form its kind of identifier has."""

from typing import Literal, get_args

Reason = Literal[
    "all_zero",
    "empty",
    "no_number",
    "no_street",
    "not_dialable",
    "not_hexadecimal",
    "not_text",
    "syntax",
    "too_long",
    "unclear",
]
REASONS: tuple[Reason, ...] = get_args(Reason)

_TEXTS: dict[Reason, str] = {
    "all_zero": "an advertising id of zeros stands for nobody",
    "empty": "there is nothing in it",
    "no_number": "an address needs a house number or a box number",
    "no_street": "an address needs a street beside its number",
    "not_dialable": "no phone has this number of digits, or one that starts like this",
    "not_hexadecimal": "not the number of hexadecimal digits that are needed",
    "not_text": "it holds half a character, which no text may",
    "syntax": "it breaks the grammar of its kind",
    "too_long": "longer than any of its kind",
    "unclear": "its parts cannot be told apart",
}


class Malformed(ValueError):  # noqa: N818 - a verdict on a value, as store.errors names its own
    """Not of the form its kind has; `reason` is a short code. Never holds the value itself."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason

    def __str__(self) -> str:
        return f"{self.reason}: {_TEXTS[self.reason]}"
