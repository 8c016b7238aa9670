"""What is remembered of calls, runs, exports and feedback; never a person's values."""

from store.records.conversations import Conversation, Turn, TurnEvent
from store.records.database import Database
from store.records.model_calls import ModelCall
from store.records.runs import Run
from store.records.tables import Analysis, Export, Feedback, Trace
from store.records.timings import StepTiming

__all__ = [
    "Analysis",
    "Conversation",
    "Database",
    "Export",
    "Feedback",
    "ModelCall",
    "Run",
    "StepTiming",
    "Trace",
    "Turn",
    "TurnEvent",
]
