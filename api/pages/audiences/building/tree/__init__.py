"""The groups and traits that an audience is built of."""
