"""The form in which identifiers are kept and looked up: one form for every way of writing one."""

from collections.abc import Callable

from store.identifiers.address import normalise_address
from store.identifiers.email import normalise_email
from store.identifiers.maid import normalise_maid
from store.identifiers.malformed import Malformed
from store.identifiers.own_id import normalise_id
from store.identifiers.phone import normalise_phone
from store.population.domains import IdentifierType

__all__ = ["NORMALISERS", "Malformed", "normalise"]

NORMALISERS: dict[IdentifierType, Callable[[str], str]] = {
    "email": normalise_email,
    "phone": normalise_phone,
    "address": normalise_address,
    "maid": normalise_maid,
    "id": normalise_id,
}


def normalise(id_type: IdentifierType, value: str) -> str:
    """The normal form of a value of this kind; normalising that again gives it back.

    Raises Malformed, with a short reason that does not hold the value.
    """
    return NORMALISERS[id_type](value)
