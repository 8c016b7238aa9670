"""From an export, or from records as they are sent, to rows that a ledger keeps."""
