"""The pages for people at a browser: forms and fragments over the same services as the other doors."""
