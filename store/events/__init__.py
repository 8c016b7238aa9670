"""Events of the GA4 export: files in, one row a user out."""

from store.events.behaviour import Behaviour
from store.events.reading import EventReading
from store.events.report import BehaviourReport
from store.events.window import WindowQuery

__all__ = ["Behaviour", "BehaviourReport", "EventReading", "WindowQuery"]
