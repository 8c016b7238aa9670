"""What is remembered of calls, runs, exports and feedback; never a person's values.

Every table is imported here: a new database is made with all of them, whoever opens it first.
"""

from store.records.access.audit import AuditEntry
from store.records.access.keys import ApiKey
from store.records.access.members import Member
from store.records.access.organisations import Organisation
from store.records.access.sign_ins import SignIn
from store.records.answers import Answer
from store.records.conversations import Conversation, Turn, TurnEvent
from store.records.corrections import Correction
from store.records.database import Database
from store.records.kept_results import KeptResult
from store.records.learned import LearnedModel
from store.records.model_calls import ModelCall
from store.records.outbox import OutboxDelivery, OutboxMessage
from store.records.profiles import IcpProfile, ProfileRevision
from store.records.recipes import Recipe
from store.records.recipients import BriefingDelivery, Recipient
from store.records.runs import Run
from store.records.schedules import Schedule, Slot
from store.records.standing import StandingAudience, StandingChange
from store.records.tables import Analysis, Export, Feedback, Trace
from store.records.timings import StepTiming
from store.records.usage import UsageEntry
from store.records.webhooks import WebhookEndpoint

__all__ = [
    "Analysis",
    "Answer",
    "ApiKey",
    "AuditEntry",
    "BriefingDelivery",
    "Conversation",
    "Correction",
    "Database",
    "Export",
    "Feedback",
    "IcpProfile",
    "KeptResult",
    "LearnedModel",
    "Member",
    "ModelCall",
    "Organisation",
    "OutboxDelivery",
    "OutboxMessage",
    "ProfileRevision",
    "Recipe",
    "Recipient",
    "Run",
    "Schedule",
    "SignIn",
    "Slot",
    "StandingAudience",
    "StandingChange",
    "StepTiming",
    "Trace",
    "Turn",
    "TurnEvent",
    "UsageEntry",
    "WebhookEndpoint",
]
