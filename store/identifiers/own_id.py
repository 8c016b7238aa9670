"""What does the source itself call this person?"""

from store.identifiers.malformed import Malformed

LONGEST = 256


def normalise_id(value: str) -> str:
    """The source's own key, stripped and otherwise as it is. Raises Malformed."""
    text = value.strip()
    if not text:
        raise Malformed("empty")
    if len(text) > LONGEST:
        raise Malformed("too_long")
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        # Lone surrogates have no UTF-8 form: they can be neither hashed nor stored.
        raise Malformed("not_text")
    return text
