"""An audience put together by traits and groups, and counted while it is."""
