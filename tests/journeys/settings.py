"""The tests' settings for a server of its own: static files from where they lie."""

from config.settings.test import *  # noqa: F403
from config.settings.test import env

WHITENOISE_USE_FINDERS = True
FILES_ROOT = env.path("SHANZHI_FILES")
