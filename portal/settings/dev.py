"""Development and the demo: embedded services unless DATABASE_URL / REDIS_URL are set."""

import os

from portal.embedded import ensure_services

ensure_services()

os.environ.setdefault("SECRET_KEY", "development-only-not-secret-development-only-not-secret")

from portal.core.logs import logging_config  # noqa: E402
from portal.settings.base import *  # noqa: E402, F403
from portal.settings.base import BASE_DIR, DATA_DIR, STORAGES, STORAGES_PLAIN_STATIC, env, env_bool, env_list  # noqa: E402

DEBUG = env_bool("DEBUG", default=True)
SECRET_KEY = env("SECRET_KEY")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "*")
# Fixed so that development data stays readable between starts; production refuses to start without its own.
FIELD_ENCRYPTION_KEYS = env_list("FIELD_ENCRYPTION_KEYS", "ZGV2ZWxvcG1lbnQtb25seS1ub3Qtc2VjcmV0LWtleS0=")
AUDIT_CHAIN_KEYS = env_list("AUDIT_CHAIN_KEYS", "development-only-not-secret-evidence-chain")
CERTIFICATE_KEY_FILE = DATA_DIR / "certificate-keys.json"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = BASE_DIR / ".data" / "mail"
STORAGES = STORAGES_PLAIN_STATIC if DEBUG else STORAGES
INTERNAL_IPS = ["127.0.0.1"]
LOGGING = logging_config(json=False)
SMS_GATEWAY = "portal.lifecycle.letters.channels.FileGateway"
