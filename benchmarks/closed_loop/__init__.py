"""One house whose loop is closed: deals teach, briefings tell, audiences follow, feedback is obeyed."""
