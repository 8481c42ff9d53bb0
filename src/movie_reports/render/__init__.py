"""A report becomes text, a file or a picture."""
