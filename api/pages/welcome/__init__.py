"""The first visit: what is being prepared, a file to try, and questions that work here."""
