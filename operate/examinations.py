"""What the doctor looks at. Each function examines one thing at a moment and answers a Finding;
ALL at the end is the order in which they are shown.
"""

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shanzhi.agreements import certificates
from shanzhi.cases import queries as cases
from shanzhi.journal import chain, followers
from shanzhi.journal import queries as journal
from shanzhi.kernel import papers as sheets
from shanzhi.people import queries as people
from shanzhi.places import queries as places
from shanzhi.registry import fence as registry_fence
from shanzhi.work.calendar import calendar

from . import steps
from .checks import weak_keys
from .findings import Finding, bad, needs_database, ok, warn

OLDEST_SERVER = 160000
CALENDAR_EXPECTED = (11, 1)  # the State Council publishes the next year around this day
HEARTBEAT = timedelta(seconds=60)
LATE = 300  # seconds a follower may be behind
SKEW, GREAT_SKEW = 2, 30  # seconds
FAILED_JOBS = """
    SELECT count(DISTINCT job.id)
    FROM procrastinate_jobs job JOIN procrastinate_events event ON event.job_id = job.id
    WHERE job.status = 'failed' AND event.at > now() - interval '1 day'
"""
FREE, SCARCE = 0.15, 0.05  # of a disk


def _in_production() -> bool:
    return not os.environ["DJANGO_SETTINGS_MODULE"].endswith((".development", ".test"))


def _value(query: str):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def database(at: datetime) -> Finding:
    try:
        version = connection.pg_version
    except Error as error:
        mend = _("Check that it runs and that DATABASE_URL is right.")
        about = {"error": str(error).strip()}
        return bad(_("The database cannot be reached: %(error)s") % about, mend)
    about = {"version": f"{version // 10000}.{version % 10000}"}
    if version < OLDEST_SERVER:
        mend = _("Upgrade the server to PostgreSQL 16 or newer.")
        return bad(_("The database is PostgreSQL %(version)s, which is too old.") % about, mend)
    return ok(_("The database answers: PostgreSQL %(version)s.") % about)


@needs_database
def tables(at: datetime) -> Finding:
    pending = steps.pending_migrations()
    if pending:
        sentence = ngettext(
            "The tables are %(count)d change behind this release.",
            "The tables are %(count)d changes behind this release.",
            len(pending),
        )
        return bad(sentence % {"count": len(pending)}, _("Run: shanzhi migrate"))
    return ok(_("The tables are those of this release."))


def translations(at: datetime) -> Finding:
    if not steps.translations_are_compiled():
        sentence = _("The translations are not compiled: pages appear in English or out of date.")
        return bad(sentence, _("Run: shanzhi prepare"))
    return ok(_("The translations are compiled."))


def static_files(at: datetime) -> Finding:
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        sentence = _("The static files are not collected: pages have no style and may fail.")
        return bad(sentence, _("Run: shanzhi prepare"))
    return ok(_("The static files are collected."))


@needs_database
def working_days(at: datetime) -> Finding:
    today, known = localdate(at), calendar(at).known_until
    mend = _("Run: shanzhi calendar load")
    if known < today:
        about = {"year": today.year}
        sentence = _("The working days of %(year)d are not loaded: time limits are provisional.")
        return bad(sentence % about, mend)
    if known.year == today.year and (today.month, today.day) >= CALENDAR_EXPECTED:
        about = {"year": today.year + 1}
        sentence = _("The working days of %(year)d are not loaded; limits will soon reach them.")
        return warn(sentence % about, mend)
    return ok(_("The working days are known until the end of %(year)d.") % {"year": known.year})


@needs_database
def beginnings(at: datetime) -> Finding | None:
    """What a fresh installation lacks, one thing at a time, in the order in which it is mended."""
    if steps.pending_migrations():
        return None
    city, today = settings.SHANZHI_CITY, localdate(at)
    if not places.exists(city):
        about = {"code": city}
        sentence = _("There is no division %(code)s: nobody can be given a post there.") % about
        mend = _("Run: shanzhi load-divisions FILE, and see that SHANZHI_CITY names the city.")
        return bad(sentence, mend)
    if not people.holders(city, "", {"security_admin"}, today):
        sentence = _("Nobody is security administrator: staff cannot be appointed.")
        return bad(sentence, _("Run: shanzhi appoint USERNAME security_admin --name NAME"))
    if not cases.published().exists():
        sentence = _("There are no service items: residents can ask for nothing.")
        return warn(sentence, _("Run: shanzhi load-shipped, or import the city's own on the desk."))
    return ok(_("The city has divisions, administrators and service items."))


def mail(at: datetime) -> Finding:
    if "smtp" in settings.EMAIL_BACKEND and settings.EMAIL_HOST == "localhost":
        sentence = _("No mail server is set: nothing can be mailed.")
        mend = _("Set SHANZHI_MAIL_URL, for example smtp+tls://name:password@mail.example.org:587")
        return warn(sentence, mend)
    return ok(_("A mail server is set."))


def phone_codes(at: datetime) -> Finding:
    if not settings.SHANZHI_SMS.endswith(".inbox"):
        return ok(_("Phone codes are sent by %(sender)s.") % {"sender": settings.SHANZHI_SMS})
    if _in_production():
        sentence = _("Phone codes go to the demonstration's inbox: residents cannot sign in.")
        return bad(sentence, _("Set SHANZHI_SMS to the function that reaches your SMS gateway."))
    return ok(_("Phone codes go to the demonstration's inbox."))


def demo_sign_in(at: datetime) -> Finding | None:
    if not settings.SHANZHI_DEMO:
        return ok(_("One-click sign-in is off."))
    if _in_production() or _serves_others():
        sentence = _("One-click sign-in is on: anybody becomes anybody.")
        return bad(sentence, _("Use the production settings, which have it off."))
    if os.environ.get("SHANZHI_LISTEN", "127.0.0.1:").startswith(("127.", "localhost:", "[::1]:")):
        return ok(_("One-click sign-in is on; only this machine can reach it."))
    sentence = _("One-click sign-in is on and other machines can reach it.")
    return warn(sentence, _("Keep no real data here, or use the production settings."))


def _serves_others() -> bool:
    """A server's environment, whatever settings were chosen: nginx is no stranger to 127.0.0.1."""
    return settings.ALLAUTH_TRUSTED_PROXY_COUNT > 0 or bool(os.environ.get("SHANZHI_SECRET_KEY"))


def keys(at: datetime) -> Finding:
    if trouble := weak_keys(settings.SHANZHI_KEYS):
        mend = _("Make a key with: shanzhi keys new")
        return bad(trouble, mend) if _in_production() else warn(trouble, mend)
    return ok(_("Personal values are sealed under a strong key."))


@needs_database
def clocks(at: datetime) -> Finding:
    before = timezone.now()
    theirs = _value("SELECT clock_timestamp()")
    middle = before + (timezone.now() - before) / 2
    return clocks_agree(abs((theirs - middle).total_seconds()))


def clocks_agree(seconds: float) -> Finding:
    about = {"seconds": round(seconds)}
    sentence = _("The clocks of this machine and of the database differ by %(seconds)d s.") % about
    mend = _("Let both follow a time server (chrony, systemd-timesyncd).")
    if seconds > GREAT_SKEW:
        return bad(sentence, mend)
    if seconds > SKEW:
        return warn(sentence, mend)
    return ok(_("The clocks of this machine and of the database agree."))


def uploads(at: datetime) -> Finding:
    root = Path(settings.FILES_ROOT)
    try:
        root.mkdir(parents=True, exist_ok=True)
        probe = root / f".probe-{os.getpid()}"
        probe.write_bytes(b"1")
        probe.unlink()
    except OSError as error:
        about = {"folder": root, "error": error.strerror}
        sentence = _("Uploaded files cannot be written to %(folder)s: %(error)s.") % about
        return bad(sentence, _("Give the folder to the user that runs Shanzhi."))
    return ok(_("Uploaded files can be written to %(folder)s.") % {"folder": root})


def disk(at: datetime) -> Finding:
    root = Path(settings.FILES_ROOT)
    while not root.exists():
        root = root.parent
    usage = shutil.disk_usage(root)
    return disk_has_room(usage.free / usage.total, str(root))


def disk_has_room(share: float, folder: str) -> Finding:
    about = {"folder": folder, "share": round(share * 100)}
    sentence = _("The disk of %(folder)s has %(share)d %% left.") % about
    mend = _("Enlarge it, or move old back-ups and logs away.")
    if share < SCARCE:
        return bad(sentence, mend)
    return warn(sentence, mend) if share < FREE else ok(sentence)


@needs_database
def journal_followers(at: datetime) -> Finding:
    lags = followers.lag(at)
    for lag in lags:
        if lag.error:
            about = {"name": lag.name, "error": lag.error}
            sentence = _("The journal's follower %(name)s fails: %(error)s.") % about
            return bad(
                sentence, _("Look into the worker's log; after mending it reads on by itself.")
            )
    slowest = max(lags, key=lambda lag: lag.seconds)
    if slowest.seconds > LATE:
        about = {"name": slowest.name, "entries": slowest.entries, "minutes": slowest.seconds // 60}
        sentence = _(
            "The journal's follower %(name)s is %(minutes)d minutes (%(entries)d entries) behind."
        )
        return warn(sentence % about, _("See that a worker runs: shanzhi worker"))
    return ok(_("All followers of the journal keep up."))


@needs_database
def journal_chain(at: datetime) -> Finding:
    yesterday = localdate(at) - timedelta(days=1)
    breaks = chain.verify(yesterday, yesterday)
    if breaks:
        sentence = _("The journal of yesterday was altered: %(what)s") % {"what": breaks[0]}
        mend = _("Find out who could write to the database; compare with the last back-up.")
        return bad(sentence, mend)
    return ok(_("The journal of yesterday is as it was sealed."))


@needs_database
def restored_elsewhere(at: datetime) -> Finding | None:
    if not journal.moved():
        return None
    sentence = _("The database was moved to another server, and the journal was not told.")
    return bad(sentence, _("Run: shanzhi journal after-restore"))


@needs_database
def worker(at: datetime) -> Finding:
    beat = _value("SELECT max(last_heartbeat) FROM procrastinate_workers")
    if beat is None or at - beat > HEARTBEAT:
        sentence = _("No worker is running: notices, figures and time limits stand still.")
        mend = _("Start one: shanzhi worker (or `shanzhi run`, which brings one).")
        return bad(sentence, mend) if _in_production() else warn(sentence, mend)
    return ok(_("A worker is running."))


@needs_database
def jobs(at: datetime) -> Finding:
    count = _value(FAILED_JOBS)
    if count:
        sentence = ngettext(
            "%(count)d background job failed within a day.",
            "%(count)d background jobs failed within a day.",
            count,
        )
        return warn(sentence % {"count": count}, _("The worker's log says why."))
    return ok(_("No background job failed within a day."))


@needs_database
def fence(at: datetime) -> Finding | None:
    """Row-level security: what a page could read if its query forgot to ask whose it is."""
    if steps.pending_migrations():
        return None
    why = registry_fence.fault()
    if not why:
        return ok(
            _("The fence around persons stands: the web's database role is held to its range.")
        )
    about = {"role": registry_fence.ROLE, "user": settings.DATABASES["default"]["USER"]}
    sentence, mend = {
        "missing": (
            _("The fence around persons is off: the database role %(role)s is missing."),
            _("As the database's administrator: CREATE ROLE %(role)s NOLOGIN; "
              "GRANT %(role)s TO %(user)s; then run: shanzhi fence"),
        ),
        "closed": (
            _("The fence around persons is off: %(user)s may not become the role %(role)s."),
            _("As the database's administrator: GRANT %(role)s TO %(user)s"),
        ),
        "bypassed": (
            _("The fence around persons is off: the role %(role)s overrides row-level security."),
            _("As the database's administrator: ALTER ROLE %(role)s NOSUPERUSER NOBYPASSRLS"),
        ),
        "unarmed": (
            _("The role %(role)s may not use the tables: pages fail."), _("Run: shanzhi fence"),
        ),
        "down": (
            _("The fence around persons is off: a table's row-level security was switched off."),
            _("As the tables' owner: ALTER TABLE registry_person ENABLE ROW LEVEL SECURITY, and so "
              "for every table of the registry; find out who switched it off."),
        ),
    }[why]  # fmt: skip
    return bad(sentence % about, mend % about)


def papers(at: datetime) -> Finding:
    """What draws agreements, certificates and copies: Pango, and fonts with Chinese characters."""
    if not sheets.can_make_pdf():
        sentence = _("PDF files cannot be made: the library Pango is missing.")
        mend = _("Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0")
        return warn(sentence, mend)
    fonts = sheets.chinese_fonts()
    if not fonts:
        sentence = _("No Chinese font was found: in PDF files the characters are empty boxes.")
        return warn(sentence, _("Debian: apt-get install fonts-noto-cjk"))
    about = {"count": len(fonts), "name": fonts[0]}
    return ok(_("PDF files can be made; Chinese fonts: %(count)d (%(name)s …).") % about)


def seals(at: datetime) -> Finding:
    if not settings.SHANZHI_SEALS:
        sentence = _("Agreements are signed with demonstration certificates, without legal force.")
        mend = _("Put the units' certificates into a folder and name it in SHANZHI_SEALS.")
        return warn(sentence, mend) if _in_production() else ok(sentence)
    if found := certificates.fault(at):
        name, why = found
        sentence = {
            "missing": _("There is no certificate (*.p12) in %(name)s."),
            "closed": _("The certificate %(name)s cannot be opened with the given passphrase."),
            "expired": _("The certificate %(name)s has expired."),
        }[why]  # fmt: skip
        mend = _("See SHANZHI_SEALS in docs/operate.md; until then these units cannot sign.")
        return bad(sentence % {"name": name}, mend)
    return ok(_("The certificates that sign agreements can be opened and are valid."))


def time_stamps(at: datetime) -> Finding:
    if not settings.SHANZHI_SEALS_TIMESTAMP:
        return ok(_("Signatures carry the time of this server; no time-stamp authority is named."))
    from shanzhi.agreements import stamping  # and pyHanko

    if why := stamping.fault():
        about = {"url": settings.SHANZHI_SEALS_TIMESTAMP, "why": why}
        sentence = _("The time-stamp authority %(url)s gives no stamp: %(why)s") % about
        mend = _("See SHANZHI_SEALS_TIMESTAMP in docs/operate.md.")
        return (
            bad(sentence, mend) if settings.SHANZHI_SEALS_TIMESTAMP_NEEDED else warn(sentence, mend)
        )
    return ok(_("The time-stamp authority stamps signatures."))


ALL = [
    database,
    tables,
    fence,
    clocks,
    worker,
    jobs,
    journal_followers,
    journal_chain,
    restored_elsewhere,
    working_days,
    beginnings,
    translations,
    static_files,
    keys,
    demo_sign_in,
    phone_codes,
    mail,
    papers,
    seals,
    time_stamps,
    uploads,
    disk,
]
