"""The analyses of customers, as pages."""
