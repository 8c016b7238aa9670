"""In whose way of writing figures are charts drawn?"""

from fastapi import Request

from api.pages.numbers import locale_of


def locale_for(request: Request) -> str:
    """The locale of whoever asks; that of the house where they name none."""
    return locale_of(request.headers.get("accept-language", ""))
