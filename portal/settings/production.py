"""Production: every secret from the environment, no fallbacks; the start names what is missing."""

import logging.config

from portal.core.logs import logging_config
from portal.settings.base import *  # noqa: F403
from portal.settings.base import env, env_bool, env_int, env_list

env("DATABASE_URL")
env("REDIS_URL")
SECRET_KEY = env("SECRET_KEY")
FIELD_ENCRYPTION_KEYS = env_list("FIELD_ENCRYPTION_KEYS", None)
CERTIFICATE_SIGNING_KEY = env("CERTIFICATE_SIGNING_KEY")
AUDIT_CHAIN_KEYS = env_list("AUDIT_CHAIN_KEYS", None)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", None)
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", "")

SECURE_SSL_REDIRECT = env_bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env_int("SECURE_HSTS_SECONDS", 31536000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
EMAIL_HOST = env("EMAIL_HOST", "localhost")
EMAIL_PORT = env_int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS")

LOGGING_CONFIG = None
LOGGING = logging_config(json=True)
logging.config.dictConfig(LOGGING)
