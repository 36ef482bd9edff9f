"""Gathers the rooms' models."""

from awards.register.models import HonourRecord

__all__ = ["HonourRecord"]
