"""What is drawn of people: who they are, where and with whom they live, what they like."""
