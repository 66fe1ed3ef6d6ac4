"""The tests' settings, with the keys of the environment: for processes of their own."""

from config.settings.test import *  # noqa: F403
from config.settings.test import env

SHANZHI_KEYS = env.list("SHANZHI_KEYS")
