"""The reports and the questions that they answer."""
