"""Reads of the review room, always inside the active scope."""
