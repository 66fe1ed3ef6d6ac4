"""`make run`: the demonstration city on this machine, with nothing to set."""

from .base import *
from .base import VAR

DEBUG = False  # pages as in production; SHANZHI_DEBUG=1 for tracebacks
ALLOWED_HOSTS = ["*"]
SECRET_KEY = "development-only-key-that-no-production-server-accepts"
SHANZHI_KEYS = ["ZGV2ZWxvcG1lbnQtb25seS1rZXktb2YtMzItYnl0ZXM="]
SHANZHI_DEMO = True
FILES_ROOT = VAR / "files"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # passkeys on http://localhost
