"""The server that is measured: as in production, but for TLS and with keys of its own."""

from config.settings.base import *  # noqa: F403
from config.settings.base import VAR

ROOT_URLCONF = "bench.urls"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
SECRET_KEY = "bench-only-key-of-an-invented-city-that-no-server-accepts"
SHANZHI_KEYS = ["ZGV2ZWxvcG1lbnQtb25seS1rZXktb2YtMzItYnl0ZXM="]
FILES_ROOT = VAR / "bench/files"
