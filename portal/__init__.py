"""The Django project and its platform packages."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
