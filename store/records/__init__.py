"""What is remembered of calls, runs, exports and feedback; never a person's values."""

from store.records.database import Database
from store.records.tables import Analysis, Export, Feedback, Trace

__all__ = ["Analysis", "Database", "Export", "Feedback", "Trace"]
