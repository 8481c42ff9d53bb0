"""What a person at a terminal uses."""
