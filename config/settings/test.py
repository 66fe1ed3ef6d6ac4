"""The tests: real PostgreSQL, fast password hashes, nothing compressed."""

import os

from jinja2 import FileSystemBytecodeCache

from .development import *
from .development import DATABASES, MIDDLEWARE, STATIC_ROOT, TEMPLATES, VAR

DATABASES["default"]["OPTIONS"].pop("pool")  # every test thread holds its own connection
# Of a run with a server of its own: what conftest.py has migrated already.
DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ.get("TESTED_TEMPLATE")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILES_ROOT = VAR / "test-files"
COMPILED = VAR / "test-templates"  # by the first of a run's twenty processes for all of them
COMPILED.mkdir(parents=True, exist_ok=True)
TEMPLATES[0]["OPTIONS"]["bytecode_cache"] = FileSystemBytecodeCache(str(COMPILED))
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a folder that is not there
MIDDLEWARE = ["tests.fencing.as_web", *MIDDLEWARE]  # requests see what they would on a server
