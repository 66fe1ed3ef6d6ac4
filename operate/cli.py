"""The `shanzhi` command. Every command decides its settings and database in environment.py."""

import base64
import os
import secrets
import sys
from pathlib import Path
from typing import Annotated

import typer
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.db import OperationalError

from . import environment, progress
from .system import Problem

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Run and look after Shanzhi. Settings come from the environment: see docs/operate.md.",
)
journal_app = typer.Typer(no_args_is_help=True, help="The journal of everything that was done.")
calendar_app = typer.Typer(no_args_is_help=True, help="The State Council's working days.")
keys_app = typer.Typer(no_args_is_help=True, help="The keys that seal personal values.")
app.add_typer(journal_app, name="journal")
app.add_typer(calendar_app, name="calendar")
app.add_typer(keys_app, name="keys")

Listen = Annotated[
    str, typer.Option("--listen", envvar="SHANZHI_LISTEN", help="Address and port to listen on.")
]
Workers = Annotated[
    int, typer.Option("--workers", envvar="SHANZHI_WORKERS", min=1, help="Web server processes.")
]


@app.command()
def run(listen: Listen = "127.0.0.1:8000", workers: Workers = 2) -> None:
    """Start everything on this machine: database, web server, worker. Ctrl-C stops it."""
    from . import supervisor

    supervisor.run(listen, workers)


@app.command()
def web(listen: Listen = "127.0.0.1:8000", workers: Workers = 2) -> None:
    """Serve pages; for systemd, beside `shanzhi worker`. Needs DATABASE_URL."""
    from . import supervisor

    environment.read_file()
    _need_database()
    os.environ.update(supervisor.LEAN, DJANGO_SETTINGS_MODULE=environment.settings_module())
    command = supervisor.web_command(*supervisor.listen_address(listen), workers)
    os.execv(command[0], command)


@app.command()
def worker() -> None:
    """Follow the journal and do background jobs; run as many as needed. Needs DATABASE_URL."""
    environment.read_file()
    _need_database()
    environment.load()
    environment.be_patient()
    from . import worker as background

    background.main()


@app.command()
def prepare() -> None:
    """After an upgrade: compile translations, collect static files, update the tables."""
    with environment.loaded(progress.say):
        from . import steps

        steps.prepare()
        progress.say("Everything is ready.")


@app.command()
def migrate() -> None:
    """Update the database's tables to this release."""
    with environment.loaded(progress.say):
        from . import steps

        with progress.step("Updating the database's tables") as tell:
            steps.migrate(tell)


@app.command()
def retention(
    apply: Annotated[
        bool, typer.Option("--apply", help="Deal with what is due; may be stopped and run again.")
    ] = False,
) -> None:
    """Show which records have been kept for long enough, and with --apply let them go."""
    with environment.loaded(progress.say):
        from django.utils import timezone

        from . import keeping

        keeping.show(at=timezone.now())
        if apply:
            keeping.apply(clock=timezone.now)


@app.command()
def fence() -> None:
    """Make the web's database role and grant it the tables, where a migration could not."""
    with environment.loaded(progress.say):
        from shanzhi.registry import fence as registry_fence

        registry_fence.arm()
        progress.say("The fence around persons is armed.")


@app.command("load-divisions")
def load_divisions(
    file: Annotated[
        Path, typer.Argument(exists=True, help="code,name,level,parent; or the national list.")
    ],
    valid_from: Annotated[str, typer.Option(help="First day it holds; today if left out.")] = "",
    end_missing: Annotated[
        bool, typer.Option("--end-missing", help="End what the list no longer has.")
    ] = False,
) -> None:
    """Take over a list of divisions, city down to grid; docs/operate.md shows its columns."""
    with environment.loaded(progress.say):
        from . import loading

        with progress.step("Loading divisions") as tell:
            sentence = loading.divisions(
                file, valid_from=valid_from, end_missing=end_missing, tell=tell
            )
        progress.say(sentence)


@app.command("load-shipped")
def load_shipped() -> None:
    """Load the departments, service items and routing rules that come with this release."""
    with environment.loaded(progress.say):
        from . import beginning

        with progress.step("Loading what is shipped"):
            sentence = beginning.load_shipped()
        progress.say(sentence)


@app.command()
def appoint(
    username: Annotated[str, typer.Argument(help="Small letters, digits, dots, dashes.")],
    role: Annotated[str, typer.Argument(help="security_admin, system_admin, audit_admin, …")],
    name: Annotated[str, typer.Option(help="The person's name, for a new account.")] = "",
    place: Annotated[str, typer.Option(help="Code of the division; the city if left out.")] = "",
    department: Annotated[str, typer.Option(help="Code of the department, if it has one.")] = "",
) -> None:
    """Give a post, as for the first administrators, and open the account where there is none."""
    with environment.loaded(progress.say):
        from . import beginning

        for sentence in beginning.appoint(
            username, role, name=name, place=place, department=department
        ):
            progress.say(sentence)


@app.command("reset-sign-in")
def reset_sign_in(username: str) -> None:
    """A new first password, for whom no post above can give one; ends all sessions."""
    with environment.loaded(progress.say):
        from . import beginning

        for sentence in beginning.reset_sign_in(username):
            progress.say(sentence)


@app.command("import")
def bring_in(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=".xlsx or .csv.")],
    source: Annotated[str, typer.Option(help="Code of who told.")] = "community",
    place: Annotated[str, typer.Option(help="Code of the division; the city if left out.")] = "",
    map_: Annotated[
        list[str], typer.Option("--map", help="title=element, for columns guessed wrongly.")
    ] = [],  # noqa: B006  typer reads it
    decision: Annotated[str, typer.Option(help="fill, keep or take what differs.")] = "fill",
    lenient: Annotated[bool, typer.Option("--lenient", help="Without unreadable cells.")] = False,
    check_only: Annotated[bool, typer.Option("--check", help="Write nothing.")] = False,
    left_out: Annotated[Path | None, typer.Option(help="A CSV for rows left out.")] = None,
) -> None:
    """Bring residents into the registry from a file: checked, then opened at one stroke."""
    with environment.loaded(progress.say):
        environment.be_patient()
        from . import bringing_in

        with progress.step("Bringing the file in") as tell:
            sentences = bringing_in.bring_in(
                file, source=source, place=place, columns=map_, decision=decision,
                lenient=lenient, check_only=check_only, left_out=left_out, tell=tell,
            )  # fmt: skip
        for sentence in sentences:
            progress.say(sentence)


@app.command()
def demo() -> None:
    """Fill an empty database with the demonstration city."""
    with environment.loaded(progress.say):
        from . import steps

        with progress.step("Updating the database's tables") as tell:
            steps.migrate(tell)
        with progress.step("Building the demonstration city") as tell:
            steps.build_demo(tell)


@app.command()
def backup(
    path: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")],
    base: Annotated[
        bool, typer.Option("--base", help="Copy the whole database server instead.")
    ] = False,
) -> None:
    """Back up the database and the uploaded files, with checksums."""
    with environment.loaded(progress.say):
        from django.utils import timezone

        from . import backup as backups

        with progress.step("Backing up") as tell:
            if base:
                backups.back_up_base(path, tell=tell)
            else:
                backups.back_up(path, at=timezone.now(), tell=tell)
        progress.say(f"The back-up is in {path}.")


@app.command()
def restore(path: Annotated[Path, typer.Argument(exists=True, file_okay=False)]) -> None:
    """Restore a back-up into an empty database; refuses any other."""
    with environment.loaded(progress.say):
        from django.utils import timezone

        from . import backup as backups

        with progress.step("Restoring") as tell:
            remarks = backups.restore(path, at=timezone.now(), tell=tell)
        for remark in remarks:
            progress.say(remark)


@app.command()
def doctor() -> None:
    """Examine this installation and say in plain sentences what to mend."""
    environment.read_file()
    from . import doctor as examination

    if not examination.examine():
        raise typer.Exit(1)


@app.command()
def check() -> None:
    """Check settings and code (Django's system check; with production settings also --deploy)."""
    environment.read_file()
    environment.load()
    from django.core.management import call_command

    call_command("check", deploy="production" in os.environ["DJANGO_SETTINGS_MODULE"])


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def psql(context: typer.Context) -> None:
    """Open a PostgreSQL prompt on the database; further arguments go to psql."""
    with environment.loaded(progress.say):
        import subprocess

        from . import backup as backups

        command = [backups.program("psql"), *context.args]
        raise typer.Exit(subprocess.call(command, env=backups.connection_environment()))


@journal_app.command()
def verify(
    day: Annotated[str, typer.Option(help="Only this day, as 2026-05-31.")] = "",
) -> None:
    """Prove by the hash chain that no line of the journal was changed or removed."""
    with environment.loaded(progress.say):
        from . import loading

        sentences, sound = loading.verify_journal(day)
        for sentence in sentences:
            progress.say(sentence)
        if not sound:
            raise typer.Exit(1)


@journal_app.command("after-restore")
def journal_after_restore() -> None:
    """After a database was moved to another server; `shanzhi restore` does it by itself."""
    with environment.loaded(progress.say):
        from . import loading

        progress.say(loading.after_restore())


@calendar_app.command("load")
def calendar_load() -> None:
    """Load the years that the installed package of published working days knows."""
    with environment.loaded(progress.say):
        from . import loading

        progress.say(loading.calendar())


@keys_app.command("new")
def keys_new() -> None:
    """Print a new key for SHANZHI_KEYS: put it first, keep the older ones after it."""
    print(base64.b64encode(secrets.token_bytes(32)).decode())  # noqa: T201  to be piped


@keys_app.command("secret")
def keys_secret() -> None:
    """Print a new SHANZHI_SECRET_KEY, which signs sessions."""
    print(secrets.token_urlsafe(48))  # noqa: T201  to be piped


@keys_app.command()
def status() -> None:
    """Which key seals how many values, and which could be dropped."""
    with environment.loaded(progress.say):
        from . import keys

        for sentence in keys.status():
            progress.say(sentence)


@keys_app.command()
def rotate() -> None:
    """Seal everything anew under the first key. May be stopped and run again at any time."""
    with environment.loaded(progress.say):
        from django.utils import timezone

        from . import keys

        with progress.step("Sealing under the first key") as tell:
            outcome = keys.rotate(at=timezone.now(), tell=tell)
        for sentence in keys.told(outcome) + keys.status():
            progress.say(sentence)


def _need_database() -> None:
    if environment.is_embedded():
        raise Problem("Set DATABASE_URL; only `shanzhi run` brings its own database.")


def _register_bench() -> None:
    """Developers have the load and comparison programs; a server need not."""
    import importlib.util

    if importlib.util.find_spec("bench") and importlib.util.find_spec("bench.cli"):
        from bench.cli import app as bench_app

        app.add_typer(bench_app, name="bench", help="Measure: city-scale data, load, comparisons.")


def main() -> None:
    from shanzhi.kernel import Refused

    _register_bench()
    try:
        app()
    except (Problem, Refused, ImproperlyConfigured, CommandError) as problem:
        _fail(str(problem))
    except OperationalError as error:
        _fail(f"The database does not answer: {str(error).strip()} Run `shanzhi doctor`.")
    except KeyboardInterrupt:
        _fail("Interrupted.")


def _fail(sentence: str) -> None:
    print(sentence, file=sys.stderr)  # noqa: T201
    sys.exit(1)


if __name__ == "__main__":
    main()
