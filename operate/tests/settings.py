"""For the real `shanzhi run` in tests: all in SHANZHI_VAR, no demonstration, one page of ours."""

import os
from pathlib import Path

from config.settings.development import *  # noqa: F403

VAR = Path(os.environ["SHANZHI_VAR"])
SHANZHI_DEMO = False
STATICFILES_DIRS = []
STATIC_ROOT = VAR / "static"
FILES_ROOT = VAR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
ROOT_URLCONF = "operate.tests.urls"
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
