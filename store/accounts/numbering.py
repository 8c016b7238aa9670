"""Which number does an account go by, and which spellings of its id are the same?"""

import hashlib
import re

OWN_NUMBER = r"[1-9]\d{0,17}"  # an id that is a number already, and fits 63 bits
# Salesforce writes the ids of accounts (001...) with 15 letters, or with 3 more that only check their case.
SALESFORCE_18 = r"001[0-9A-Za-z]{12}[A-Z0-5]{3}"
_LOW_63 = 2**63 - 1


def account_key(account_id: str) -> str:
    """The id without what two systems write differently: 18 letters of Salesforce as the first 15."""
    text = account_id.strip()
    return text[:15] if re.fullmatch(SALESFORCE_18, text) else text


def account_number(account_id: str) -> int:
    """The 63-bit number of an account: the id itself where it is a number, else from its SHA-256.

    It depends on the id alone, so an account keeps it in every load. Among a million accounts two share
    one by chance with a probability of 5e-8; a load refuses them.
    """
    key = account_key(account_id)
    if re.fullmatch(OWN_NUMBER, key, re.ASCII):
        return int(key)
    return int(hashlib.sha256(key.encode()).hexdigest()[:16], 16) & _LOW_63


def key_sql(account_id: str) -> str:
    """`account_key` of a text, in SQL."""
    return (
        f"CASE WHEN regexp_full_match({account_id}, '{SALESFORCE_18}')"
        f" THEN substr({account_id}, 1, 15) ELSE {account_id} END"
    )


def number_sql(account_id: str) -> str:
    """`account_number` of a text, in SQL."""
    key = key_sql(account_id)
    hashed = f"CAST(('0x' || substr(sha256({key}), 1, 16))::UBIGINT & {_LOW_63}::UBIGINT AS BIGINT)"
    own = f"CAST({key} AS BIGINT)"
    return f"CASE WHEN regexp_full_match({key}, '{OWN_NUMBER}') THEN {own} ELSE {hashed} END"
