"""What changed in who buys: compared, told, drawn."""
