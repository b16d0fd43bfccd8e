"""Tells each line of business once a month what it cost."""
