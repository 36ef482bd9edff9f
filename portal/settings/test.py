"""Tests: real PostgreSQL, real Redis, no slow password hashes."""

import os
import tempfile

from portal.embedded import ensure_services

ensure_services(throwaway=True)
os.environ.setdefault("SECRET_KEY", "test-only-not-secret-test-only-not-secret-test-only-not-secret")

from portal.settings.base import *  # noqa: E402, F403
from portal.settings.base import DATABASES, STORAGES_PLAIN_STATIC, env  # noqa: E402

SECRET_KEY = env("SECRET_KEY")
ALLOWED_HOSTS = ["*"]
FIELD_ENCRYPTION_KEYS = ["dGVzdC1vbmx5LW5vdC1zZWNyZXQtdGVzdC1vbmx5LWs="]
DATABASES["default"]["CONN_MAX_AGE"] = 0
if env("TEST_DATABASE_NAME", ""):
    DATABASES["default"]["TEST"] = {"NAME": env("TEST_DATABASE_NAME")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = tempfile.mkdtemp(prefix="portal-test-media-")
STORAGES = STORAGES_PLAIN_STATIC
AXES_ENABLED = True
