"""Turns reports into text, files and charts."""
