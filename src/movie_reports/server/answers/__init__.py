"""Answers to requests: which data, which question, in which format, computed or from memory."""
