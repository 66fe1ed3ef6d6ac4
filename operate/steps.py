"""What must be ready before the first page: translations, static files, tables, demonstration.

Each step tells whether it has anything to do, so that a second start takes seconds.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation.reloader import translation_file_changed

from shanzhi.shell import translations, vendor

from . import environment, progress
from .system import Problem

HALF = "shanzhi: the demonstration is half built"
BUILT = "shanzhi: the demonstration is built"


@dataclass(frozen=True)
class Step:
    title: str
    is_done: Callable[[], bool]
    do: Callable[[progress.Tell], None]


def prepare() -> None:
    """Do what is not done yet, one line a step."""
    for step in STEPS:
        if not step.is_done():
            with progress.step(step.title) as tell:
                step.do(tell)


# --- stamps: what a step was last done for --------------------------------------------------------


def fingerprint(paths: Iterable[Path]) -> str:
    """Of many files, told apart by name, size and time."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        stat = path.stat()
        digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _stamp(name: str) -> Path:
    return environment.VAR / "stamps" / name


def _is_stamped(name: str, value: str) -> bool:
    return _stamp(name).exists() and _stamp(name).read_text() == value


def _put_stamp(name: str, value: str) -> None:
    _stamp(name).parent.mkdir(parents=True, exist_ok=True)
    _stamp(name).write_text(value)


# --- translations ---------------------------------------------------------------------------------


def translations_are_compiled() -> bool:
    made = [translations.CHINESE.with_suffix(".mo"), translations.TRADITIONAL]
    if not all(path.exists() for path in made):
        return False
    oldest = min(path.stat().st_mtime_ns for path in made)
    return oldest >= translations.CHINESE.stat().st_mtime_ns


def compile_translations(tell: progress.Tell) -> None:
    """What this process has read before is forgotten: it builds the demonstration, in Chinese."""
    translations.compile_all()
    translation_file_changed(None, file_path=translations.TRADITIONAL)


# --- static files ---------------------------------------------------------------------------------


def _static_files() -> list[Path]:
    return [
        Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([])
    ]


def vendor_is_gathered() -> bool:
    """A server without node_modules lives on what the build left in var/vendor."""
    installed = vendor.MODULES / ".package-lock.json"
    if not installed.exists():
        return vendor.ICONS.exists()
    return vendor.ICONS.exists() and vendor.ICONS.stat().st_mtime >= installed.stat().st_mtime


def gather_vendor(tell: progress.Tell) -> None:
    if not vendor.MODULES.exists():
        raise Problem("The front-end packages are missing: run `make run`, or `npm ci`.")
    vendor.gather()


def static_is_collected() -> bool:
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    return manifest.exists() and _is_stamped("static", fingerprint(_static_files()))


def collect_static(tell: progress.Tell) -> None:
    tell("hashing and compressing")
    call_command("collectstatic", interactive=False, verbosity=0)
    _put_stamp("static", fingerprint(_static_files()))


# --- tables ---------------------------------------------------------------------------------------


def pending_migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate(tell: progress.Tell) -> None:
    """Two servers may start together: the second waits, and then finds nothing left to do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('shanzhi migrate'))")
        try:
            names = pending_migrations()
            tell(f"{len(names)} changes")
            call_command("migrate", interactive=False, verbosity=0)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('shanzhi migrate'))")


# --- the demonstration ----------------------------------------------------------------------------


def _demo_state() -> str:
    """Kept in the database itself, so that it is true of this very database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('public'::regnamespace, 'pg_namespace')")
        return cursor.fetchone()[0] or ""


def _set_demo_state(state: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON SCHEMA public IS '{state}'")


def _has_content() -> bool:
    from shanzhi.places.models import Division

    return Division.objects.exists()


def demo_is_built() -> bool:
    if not settings.SHANZHI_DEMO:
        return True
    return _demo_state() != HALF and _has_content()


def build_demo(tell: progress.Tell) -> None:
    """A build that was killed is thrown away and begun anew; nobody can have worked with it."""
    from shanzhi.shell import demo

    if _demo_state() == HALF:
        tell("the last build was interrupted; beginning anew")
        _empty()
    if _has_content():
        raise Problem(
            "This database already holds divisions; the demonstration needs an empty one."
        )
    _set_demo_state(HALF)
    demo.build(tell)
    _set_demo_state(BUILT)


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    call_command("migrate", interactive=False, verbosity=0)


STEPS = [
    Step("Compiling translations", translations_are_compiled, compile_translations),
    Step("Gathering front-end packages", vendor_is_gathered, gather_vendor),
    Step("Collecting static files", static_is_collected, collect_static),
    Step("Updating the database's tables", lambda: not pending_migrations(), migrate),
    Step("Building the demonstration city", demo_is_built, build_demo),
]
