"""Which file can a newcomer drop on the first screen? Customers among the generated people."""

import csv
import random
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from store.artifacts import written_whole
from store.identifiers import Malformed, normalise

ROWS, BROKEN = 2_000, 40
HEADER = ("Mail (work)", "Cell no.", "Spent last 12 mths $")  # odd, as those of real files are
READ_FROM = ("E-Mail Address", "Mobile", "Total Spend (USD)")


class _Customer(NamedTuple):
    email: str
    phone: str
    spent: str


def write_best_customers(customers: Path, out: Path, seed: int) -> int:
    """Write 2,000 rows of a generated customer file, 40 of them with a broken e-mail; the rows written.

    A file with fewer e-mails gives as many rows as it has, and one broken e-mail in fifty.
    """
    good = list(_readable(_read(customers)))[:ROWS]
    draw = random.Random(seed)  # noqa: S311  # an example, no secret
    broken = set(draw.sample(range(len(good)), len(good) * BROKEN // ROWS))
    rows = [_with_broken_email(draw, each) if place in broken else each for place, each in enumerate(good)]
    with written_whole(out) as beside, beside.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows)
    return len(rows)


def _read(customers: Path) -> Iterable[_Customer]:
    with customers.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield _Customer(*(row[name] or "" for name in READ_FROM))


def _readable(customers: Iterable[_Customer]) -> Iterable[_Customer]:
    seen: set[str] = set()
    for each in customers:
        try:
            email = normalise("email", each.email)
        except Malformed:
            continue
        if email not in seen:  # a shop's own list of its best has nobody twice
            seen.add(email)
            yield each


def _with_broken_email(draw: random.Random, customer: _Customer) -> _Customer:
    """The customer with an address as people break it: its @ lost, its end cut off, or words in its place."""
    name, _, domain = customer.email.partition("@")
    ways = (f"{name}{domain}", f"{name}@", f"{name}@{domain.split('.')[0]}", f"{name} at {domain}", "n/a")
    return customer._replace(email=draw.choice(ways))
