"""Generated GA4 events, with segments and drivers of value that are known."""

from store.synthetic.events.generate import EventsReport, generate_events

__all__ = ["EventsReport", "generate_events"]
