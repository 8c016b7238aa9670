"""What the screen of outcomes shows, made from what the tools found."""
