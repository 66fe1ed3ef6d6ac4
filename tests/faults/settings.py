"""As in development, pool and limits included; everything made at run time lies in SHANZHI_VAR."""

import os
from pathlib import Path

from config.settings.development import *  # noqa: F403

VAR = Path(os.environ["SHANZHI_VAR"])
SHANZHI_DEMO = False
STATIC_ROOT = VAR / "static"
FILES_ROOT = VAR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
