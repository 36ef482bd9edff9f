"""Writes of the review room: experts, panels, assignments, marks."""
