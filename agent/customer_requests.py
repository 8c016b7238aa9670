"""What a file of customers says, as arguments of a tool."""

from pathlib import Path
from typing import Any, NamedTuple

from store.customer_file import read_customers


class CustomerRequest(NamedTuple):
    """The customers of a file as arguments, and how its columns were understood."""

    arguments: dict[str, Any]
    notes: list[str]


def request_of_file(path: Path) -> CustomerRequest:
    """The identifiers of the file, or its person ids where it has no others. Raises BadFile."""
    customers = read_customers(path)
    if customers.groups:
        return CustomerRequest(
            {"multi_identifiers": [group._asdict() for group in customers.groups]}, customers.notes
        )
    return CustomerRequest({"person_ids": customers.person_ids}, customers.notes)
