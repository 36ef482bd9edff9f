"""Gathers the rooms' models."""

from awards.certificates.models import CertificateIssue
from awards.register.models import HonourRecord

__all__ = ["CertificateIssue", "HonourRecord"]
