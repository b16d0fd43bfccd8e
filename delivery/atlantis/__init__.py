"""Atlantis: its files written from the graph, our reading of its rules, and what its workflows ask of us (ADR 41)."""
