"""The file and the engine."""
