"""What is asked for: one typed request, from which options, keyword arguments and parameters are made."""
