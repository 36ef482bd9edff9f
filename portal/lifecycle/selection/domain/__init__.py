"""Writes of the selection room: rounds, tie settlements, approval, promotion."""
