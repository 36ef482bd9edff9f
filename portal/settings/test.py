"""Tests: real PostgreSQL, real Redis, no slow password hashes."""

import atexit
import os
import shutil
import tempfile

from portal.embedded import ensure_services

ensure_services(throwaway=True)
os.environ.setdefault("SECRET_KEY", "test-only-not-secret-test-only-not-secret-test-only-not-secret")

from portal.settings.base import *  # noqa: E402, F403
from portal.settings.base import CACHES, DATABASES, REDIS_URL, STORAGES_PLAIN_STATIC, env  # noqa: E402

SECRET_KEY = env("SECRET_KEY")
ALLOWED_HOSTS = ["*"]
FIELD_ENCRYPTION_KEYS = ["dGVzdC1vbmx5LW5vdC1zZWNyZXQtdGVzdC1vbmx5LWs="]
AUDIT_CHAIN_KEYS = ["test-only-not-secret-evidence-chain"]
CERTIFICATE_SIGNING_KEY = "dGVzdC1vbmx5LW5vdC1zZWNyZXQtY2VydGlmaWNhdGU"
CACHES["default"]["KEY_PREFIX"] = "portal-test"  # a server on the same Redis keeps its own code lists
ALLOW_UNASSIGNED_ID_AREA = True  # test data use 120199, which was never assigned
DATABASES["default"]["CONN_MAX_AGE"] = 0
if env("TEST_DATABASE_NAME", ""):
    DATABASES["default"]["TEST"] = {"NAME": env("TEST_DATABASE_NAME")}
if name := env("PORTAL_TEST_DATABASE", ""):  # a worker that a test starts works on that test's database
    DATABASES["default"]["NAME"] = name
# Each process of a parallel run has a Redis database of its own, as pytest-django gives it a PostgreSQL database.
if worker := os.environ.get("PYTEST_XDIST_WORKER", ""):
    server, _slash, number = REDIS_URL.rpartition("/")
    REDIS_URL = f"{server}/{int(number) + 1 + int(worker.removeprefix('gw'))}"
    CACHES["default"]["LOCATION"] = CELERY_BROKER_URL = REDIS_URL
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = env("PORTAL_MEDIA_DIR", "")  # set for a worker that a test starts: it writes where the test reads
if not MEDIA_ROOT:
    MEDIA_ROOT = tempfile.mkdtemp(prefix="portal-test-media-")
    atexit.register(shutil.rmtree, MEDIA_ROOT, ignore_errors=True)
STORAGES = STORAGES_PLAIN_STATIC
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True  # nothing is collected for tests
AXES_ENABLED = True
SMS_GATEWAY = "portal.lifecycle.letters.channels.FileGateway"
