"""How can people be reached? E-mails, phone numbers and advertising ids that are unique and nobody's.

E-mails are at the reserved domains example.com, .net and .org, or look like
fm.mary.smith.1000048213.synthetic.person@gmail.com, longer than a real Gmail name may be (30).
Phones have an area code of their ZIP code and an exchange that begins with 0 or 1, which the
North American plan gives to nobody; where an area code is used up, a code N9X, kept for its expansion.
Advertising ids are random UUIDs.
"""

import numpy as np
import pyarrow as pa

from store.synthetic.persons.columns.text import chosen, digits, joined, lowered
from store.synthetic.persons.draws.scramble import Scramble

EMAIL_SHARES = [0.88, 0.40, 0.22]
MOBILE_SHARE, LANDLINE_SHARE, MAID_SHARE = 0.8, 0.35, 0.58
GMAIL_SHARE = 0.15
EMAIL_DOMAINS = ["@example.com", "@example.net", "@example.org"]
GMAIL_ENDING = ".synthetic.person@gmail.com"
# Three digits at least: alt1@example.com and customer1@example.com belong to the documentation.
FIRST_EMAIL_NUMBER, FIRST_GMAIL_NUMBER = 100, 1_000_000_000
LINES_PER_AREA_CODE = 2_000_000
MOST_PHONES_PER_CHUNK = 600_000
RESERVE_CODES = [code for code in range(200, 1000) if code % 100 // 10 == 9]


def spread(values: pa.Array, holds: np.ndarray) -> pa.Array:
    """These values in the rows that hold one, null in the others."""
    return values.take(pa.array(np.cumsum(holds) - 1, mask=~holds))


def emails(
    rng: np.random.Generator,
    scramble: Scramble,
    first_person: int,
    first: pa.DictionaryArray,
    last: pa.DictionaryArray,
    openness: np.ndarray,
) -> list[pa.Array]:
    """Three columns of addresses; who has a second has a first. `openness` 0..2 raises how many."""
    holds = np.ones(len(first), dtype=bool)
    columns = []
    for slot, share in enumerate(EMAIL_SHARES):
        holds = holds & (rng.random(len(first)) < share * openness)
        rows = np.flatnonzero(holds)
        number = scramble(3 * (first_person - 1 + rows) + slot)
        columns.append(
            spread(_addresses(rng, number, first.take(pa.array(rows)), last.take(pa.array(rows))), holds)
        )
    return columns


def _addresses(
    rng: np.random.Generator, number: np.ndarray, first: pa.DictionaryArray, last: pa.DictionaryArray
) -> pa.Array:
    """mary.smith482@, msmith482@, mary_smith482@ or mary482@: what differs for sure is the number."""
    form = rng.integers(0, 4, len(number))
    is_gmail = rng.random(len(number)) < GMAIL_SHARE
    form[is_gmail] = 0
    domain = np.where(is_gmail, len(EMAIL_DOMAINS), rng.integers(0, len(EMAIL_DOMAINS), len(number)))
    number = number + np.where(is_gmail, FIRST_GMAIL_NUMBER, FIRST_EMAIL_NUMBER)
    given, family = lowered(first.dictionary), lowered(last.dictionary)
    initials = pa.array([name[0] for name in given.to_pylist()])
    return joined(
        chosen(["", "fm."], is_gmail.astype(np.int8)),
        chosen(pa.concat_arrays([given, initials]), first.indices.to_numpy() + (form == 1) * len(given)),
        chosen([".", "", "_", ""], form),
        chosen(pa.concat_arrays([family, pa.array([""])]), np.where(form == 3, len(family), last.indices)),
        chosen(["", "."], is_gmail.astype(np.int8)),
        digits(number),
        chosen([*EMAIL_DOMAINS, GMAIL_ENDING], domain),
    )


def phones(
    rng: np.random.Generator,
    area_codes: np.ndarray,
    home: np.ndarray,
    chunk: int,
    chunks: int,
    openness: np.ndarray,
) -> list[pa.Array]:
    """Two columns of numbers: a mobile of one's own, then the landline of the household.

    `area_codes` has a row for each household, `home` is the household of each person.
    """
    has_mobile = rng.random(len(home)) < MOBILE_SHARE * openness
    has_landline = (rng.random(len(area_codes)) < LANDLINE_SHARE)[home]
    code = area_codes[np.arange(len(area_codes)), rng.integers(0, area_codes.shape[1], len(area_codes))]
    numbers = phone_numbers(np.concatenate([code[home], code]), chunk, chunks)
    mobile, landline = numbers[: len(home)], numbers[len(home) :][home]
    first = pa.array(np.where(has_mobile, mobile, landline), mask=~(has_mobile | has_landline))
    second = pa.array(landline, mask=~(has_mobile & has_landline))
    return [column.cast(pa.string()) for column in (first, second)]


def phone_numbers(area_code: np.ndarray, chunk: int, chunks: int) -> np.ndarray:
    """Ten digits for each, unique over all chunks: every chunk has its own block of each area code."""
    block = LINES_PER_AREA_CODE // chunks
    rank = _rank_within(area_code)
    code = area_code.astype(np.int64)
    # A permutation of the lines of each area code: the factor shares no divisor with their number.
    line = ((chunk * block + rank) * 1_234_577 + code * 777_767) % LINES_PER_AREA_CODE
    number = code * 10**7 + line
    full = np.flatnonzero(rank >= block)
    spare = (chunk * MOST_PHONES_PER_CHUNK + full) * 123_456_791 % (len(RESERVE_CODES) * 10**7)
    number[full] = np.array(RESERVE_CODES)[spare // 10**7] * 10**7 + spare % 10**7
    return number


def _rank_within(groups: np.ndarray) -> np.ndarray:
    """How many earlier rows have the same value."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    start = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    rank = np.empty(len(groups), dtype=np.int64)
    rank[order] = np.arange(len(groups)) - np.flatnonzero(start)[np.cumsum(start) - 1]
    return rank


def maids(rng: np.random.Generator, openness: np.ndarray) -> pa.Array:
    """A random UUID (version 4) for those who have one."""
    holds = rng.random(len(openness)) < MAID_SHARE * openness
    raw = rng.integers(0, 256, (int(holds.sum()), 16), dtype=np.uint8)
    raw[:, 6] = raw[:, 6] & 0x0F | 0x40
    raw[:, 8] = raw[:, 8] & 0x3F | 0x80
    hexadecimal = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
    pairs = np.stack([hexadecimal[raw >> 4], hexadecimal[raw & 15]], axis=2).reshape(len(raw), 32)
    text = np.full((len(raw), 36), ord("-"), dtype=np.uint8)
    text[:, [i for i in range(36) if i not in (8, 13, 18, 23)]] = pairs
    offsets = np.arange(len(raw) + 1, dtype=np.int32) * 36
    return spread(pa.StringArray.from_buffers(len(raw), pa.py_buffer(offsets), pa.py_buffer(text)), holds)
