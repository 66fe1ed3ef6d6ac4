"""Which settings, which database: decided once, before Django is loaded."""

import contextlib
import logging
import os
from collections.abc import Iterator, MutableMapping
from pathlib import Path

import django
import environ
from django.core.exceptions import ImproperlyConfigured

from . import postgres
from .system import Problem

ROOT = Path(__file__).resolve().parents[1]
VAR = Path(os.environ.get("SHANZHI_VAR", ROOT / "var"))
LOGS = VAR / "log"
PLACE = VAR / "postgres"  # of the embedded database
FILE = Path("/etc/shanzhi/env")  # what systemd reads, so that commands by hand see the same


def read_file(environment: MutableMapping[str, str] = os.environ) -> None:
    """Take from the operator's file what the environment does not say itself."""
    path = Path(environment.get("SHANZHI_ENV_FILE", FILE))
    if path.is_file() and os.access(path, os.R_OK):
        environ.Env.read_env(str(path), overwrite=False)


def settings_module(environment: MutableMapping[str, str] = os.environ) -> str:
    """SHANZHI_SETTINGS if set; else production where its secret is there; else development."""
    chosen = environment.get("SHANZHI_SETTINGS", "")
    if not chosen:
        chosen = "production" if environment.get("SHANZHI_SECRET_KEY") else "development"
    return chosen if "." in chosen else f"config.settings.{chosen}"


def is_embedded(environment: MutableMapping[str, str] = os.environ) -> bool:
    return not environment.get("DATABASE_URL")


def load() -> None:
    """Load Django under the chosen settings; a missing secret becomes a sentence."""
    os.environ["DJANGO_SETTINGS_MODULE"] = settings_module()
    if is_embedded():
        os.environ["DATABASE_URL"] = postgres.url(PLACE)
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise Problem(
            f"The settings are not complete. {error}. docs/operate.md lists every setting."
        ) from None
    from . import checks  # noqa: F401  registers our own system checks


def be_patient() -> None:
    """A page's limits (5 s a statement, a pool) do not suit commands and the worker."""
    from django.db import connections

    options = connections.settings["default"]["OPTIONS"]
    options.pop("pool", None)
    options["options"] = "-c statement_timeout=0 -c idle_in_transaction_session_timeout=10min"


@contextlib.contextmanager
def loaded(say: postgres.Say) -> Iterator[None]:
    """Django and a database, for the time of one command."""
    read_file()
    logging.disable(logging.INFO)  # of libraries; what a command has to say it says itself
    with contextlib.ExitStack() as stack:
        if is_embedded():
            stack.enter_context(postgres.running(PLACE, say))
        load()
        be_patient()
        from django.db import connections

        stack.callback(connections.close_all)
        yield
