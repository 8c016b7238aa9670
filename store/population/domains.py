"""The eighteen domains that attributes belong to, and which of them may be mined."""

from typing import Literal, get_args

Domain = Literal[
    "address",
    "affinity",
    "content",
    "demographic",
    "email",
    "employment",
    "financial",
    "household",
    "id",
    "intent_category",
    "intent_topic",
    "interest",
    "lifestyle",
    "maid",
    "name",
    "phone",
    "political",
    "purchase",
]
DOMAINS: tuple[Domain, ...] = get_args(Domain)

# Who somebody is, not what they are like: never a trait.
CONTACT_DOMAINS: frozenset[Domain] = frozenset({"email", "id", "maid", "name", "phone"})

Sensitive = Literal["ethnicity", "health", "politics", "religion", "sexuality"]
SENSITIVE: tuple[Sensitive, ...] = get_args(Sensitive)

IdentifierType = Literal["email", "phone", "address", "maid", "id"]
IDENTIFIER_TYPES: tuple[IdentifierType, ...] = get_args(IdentifierType)
# A phone or an address belongs to a household: erasing one person may not erase the others.
PERSONAL: tuple[IdentifierType, ...] = ("email", "maid", "id")
HashType = Literal["plaintext", "md5", "sha1", "sha256"]
HASH_TYPES: tuple[HashType, ...] = get_args(HashType)
