"""Report jobs are registered here."""
