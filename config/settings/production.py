"""A city's own server. Refuses to start without its secrets; docs/operate.md lists them."""

from .base import *
from .base import env

SECRET_KEY = env.str("SHANZHI_SECRET_KEY")
SHANZHI_KEYS = env.list("SHANZHI_KEYS")
ALLOWED_HOSTS = env.list("SHANZHI_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
