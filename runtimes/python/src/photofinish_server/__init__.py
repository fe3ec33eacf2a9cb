"""Servers under test on CPython, one concurrency model a file in `models/`."""
