"""A job on a page: begun, followed live, stopped, gone on with."""
