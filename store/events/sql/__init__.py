"""The SQL of behaviour: functions that only return it."""
