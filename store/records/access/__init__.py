"""Who may come in: organisations, their members and keys, who is signed in, and what was done."""

from store.records.access.audit import AuditEntry
from store.records.access.keys import ApiKey
from store.records.access.members import Member
from store.records.access.organisations import Organisation
from store.records.access.sign_ins import SignIn

__all__ = ["ApiKey", "AuditEntry", "Member", "Organisation", "SignIn"]
