"""The form of requests and answers: JSON, problems, pages, idempotency."""
