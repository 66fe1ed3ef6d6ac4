from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.utils import timezone, translation

from operate import beginning, checks, doctor, examinations, steps
from operate.findings import Finding, bad, needs_database, ok, warn
from shanzhi.agreements import certificates
from shanzhi.agreements.tests import authority
from shanzhi.journal import chain, followers
from shanzhi.journal import queries as journal
from shanzhi.kernel import papers
from shanzhi.people.tests import factories as people
from shanzhi.registry import fence

NOW = datetime(2026, 5, 20, 4, 0, tzinfo=UTC)
GOOD_KEY = "Jb0VnqFf3zQ0r3gT1v8kq0Yp2c4m6o8s1u3w5y7A9B0="


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def production(settings, monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings.production")
    settings.SHANZHI_DEMO = False
    return settings


def test_findings_come_in_order_and_say_their_state(capsys):
    doctor.show(ok("Fine."))
    doctor.show(warn("Not quite.", "Do this."))
    assert capsys.readouterr().out == "ok    Fine.\nwarn  Not quite.\n      Do this.\n"


def test_without_a_database_only_what_needs_none_is_examined():
    @needs_database
    def of_the_database(at):
        raise AssertionError

    found = doctor.run([lambda at: bad("away"), of_the_database, lambda at: ok("x")], NOW)
    assert [finding.sentence for finding in found] == ["away", "x"]


def test_an_examination_may_have_nothing_to_say():
    assert doctor.run([lambda at: ok("a"), lambda at: None], NOW) == [ok("a")]


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh-hans"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_doctor_speaks_the_terminals_language(environment, language):
    assert doctor.language(environment) == language


# --- the database ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_database_that_answers():
    assert examinations.database(NOW) == ok("The database answers: PostgreSQL 18.4.")


class Away:
    @property
    def pg_version(self):
        raise OperationalError("connection refused\n")


def test_a_database_that_does_not_answer(monkeypatch):
    monkeypatch.setattr(examinations, "connection", Away())
    finding = examinations.database(NOW)
    assert finding.state == "bad"
    assert finding.sentence == "The database cannot be reached: connection refused"


@pytest.mark.django_db
def test_a_database_that_is_too_old(monkeypatch):
    monkeypatch.setitem(connection.__dict__, "pg_version", 150012)
    finding = examinations.database(NOW)
    assert (finding.state, finding.sentence) == (
        "bad",
        "The database is PostgreSQL 15.12, which is too old.",
    )


@pytest.mark.django_db
def test_tables_of_this_release_and_behind_it(monkeypatch):
    assert examinations.tables(NOW).state == "ok"
    monkeypatch.setattr(steps, "pending_migrations", lambda: ["cases.0002"])
    assert examinations.tables(NOW) == bad(
        "The tables are 1 change behind this release.", "Run: shanzhi migrate"
    )


@pytest.mark.django_db
def test_the_clocks_of_machine_and_database():
    assert examinations.clocks(NOW).state == "ok"
    assert examinations.clocks_agree(1.9).state == "ok"
    assert examinations.clocks_agree(5).state == "warn"
    assert examinations.clocks_agree(31).state == "bad"


# --- the worker, the journal ----------------------------------------------------------------------


def beat(at):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [at])


@pytest.mark.django_db
def test_a_worker_is_running_while_its_heart_beats():
    assert examinations.worker(NOW).state == "warn"
    beat(NOW - timedelta(minutes=5))
    assert examinations.worker(NOW).state == "warn"
    beat(NOW - timedelta(seconds=20))
    assert examinations.worker(NOW) == ok("A worker is running.")


@pytest.mark.django_db
def test_in_production_a_missing_worker_is_bad(production):
    assert examinations.worker(NOW).state == "bad"


@pytest.mark.django_db
def test_failed_jobs_of_the_last_day_are_counted():
    assert examinations.jobs(NOW).state == "ok"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) "
            "VALUES ('default', 'a', 'doing') RETURNING id"
        )
        job = cursor.fetchone()[0]
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [job])
    assert examinations.jobs(NOW) == warn(
        "1 background job failed within a day.", "The worker's log says why."
    )


@pytest.mark.django_db
def test_followers_that_keep_up_are_late_or_fail(monkeypatch):
    assert examinations.journal_followers(NOW).state == "ok"
    late = [followers.Lag("tallies", 7, 660, ""), followers.Lag("chain", 0, 0, "")]
    monkeypatch.setattr(followers, "lag", lambda at: late)
    assert examinations.journal_followers(NOW) == warn(
        "The journal's follower tallies is 11 minutes (7 entries) behind.",
        "See that a worker runs: shanzhi worker",
    )
    late.append(followers.Lag("notices", 1, 1, "KeyError in notices.py:7"))
    finding = examinations.journal_followers(NOW)
    assert finding.state == "bad"
    assert finding.sentence == "The journal's follower notices fails: KeyError in notices.py:7."


@pytest.mark.django_db
def test_a_journal_that_was_altered_yesterday(monkeypatch):
    assert examinations.journal_chain(NOW).state == "ok"
    asked = []
    monkeypatch.setattr(chain, "verify", lambda *days: asked.append(days) or ["link 3: edited."])
    assert examinations.journal_chain(NOW).sentence == (
        "The journal of yesterday was altered: link 3: edited."
    )
    assert asked == [(date(2026, 5, 19), date(2026, 5, 19))]


@pytest.mark.django_db
def test_a_database_that_moved_without_the_journal_being_told(monkeypatch):
    monkeypatch.setattr(journal, "moved", lambda: False)
    assert examinations.restored_elsewhere(NOW) is None
    monkeypatch.setattr(journal, "moved", lambda: True)
    assert examinations.restored_elsewhere(NOW).mend == "Run: shanzhi journal after-restore"


# --- what time brings -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "known", "state"),
    [
        (date(2026, 5, 20), 2026, "ok"),
        (date(2026, 10, 31), 2026, "ok"),
        (date(2026, 11, 1), 2026, "warn"),
        (date(2026, 12, 31), 2027, "ok"),
        (date(2027, 1, 1), 2026, "bad"),
    ],
)
def test_the_end_of_the_working_days(monkeypatch, today, known, state):
    class Known:
        known_until = date(known, 12, 31)

    monkeypatch.setattr(examinations, "calendar", lambda at: Known)
    at = datetime(today.year, today.month, today.day, 4, tzinfo=UTC)
    assert examinations.working_days(at).state == state


@pytest.mark.parametrize(
    ("share", "state"), [(0.5, "ok"), (0.15, "ok"), (0.149, "warn"), (0.05, "warn"), (0.04, "bad")]
)
def test_room_on_the_disk(share, state):
    assert examinations.disk_has_room(share, "/srv").state == state


def test_the_sentence_about_the_disk_names_it():
    assert examinations.disk_has_room(0.04, "/srv").sentence == "The disk of /srv has 4 % left."


# --- what was installed ---------------------------------------------------------------------------


def test_translations_and_static_files(settings, monkeypatch, tmp_path):
    monkeypatch.setattr(steps, "translations_are_compiled", lambda: False)
    assert examinations.translations(NOW).state == "bad"
    monkeypatch.setattr(steps, "translations_are_compiled", lambda: True)
    assert examinations.translations(NOW).state == "ok"

    settings.STATIC_ROOT = tmp_path
    assert examinations.static_files(NOW).state == "bad"
    (tmp_path / "staticfiles.json").write_text("{}")
    assert examinations.static_files(NOW).state == "ok"


def test_the_folder_of_uploads(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    assert examinations.uploads(NOW).state == "ok"
    assert list((tmp_path / "files").iterdir()) == []

    (tmp_path / "in-the-way").write_text("")
    settings.FILES_ROOT = tmp_path / "in-the-way"
    finding = examinations.uploads(NOW)
    assert finding.state == "bad"
    assert "cannot be written" in finding.sentence


# --- settings -------------------------------------------------------------------------------------


def test_mail(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "localhost"
    assert examinations.mail(NOW).state == "warn"
    settings.EMAIL_HOST = "mail.example.org"
    assert examinations.mail(NOW).state == "ok"


def test_phone_codes(production):
    production.SHANZHI_SMS = "shanzhi.people.senders.inbox"
    assert examinations.phone_codes(NOW).state == "bad"
    production.SHANZHI_SMS = "city.sms.gateway"
    assert examinations.phone_codes(NOW) == ok("Phone codes are sent by city.sms.gateway.")


def test_phone_codes_of_the_demonstration(settings):
    settings.SHANZHI_SMS = "shanzhi.people.senders.inbox"
    assert examinations.phone_codes(NOW).state == "ok"


def test_one_click_sign_in(settings, monkeypatch):
    monkeypatch.delenv("SHANZHI_LISTEN", raising=False)
    settings.SHANZHI_DEMO = True
    assert examinations.demo_sign_in(NOW).state == "ok"
    monkeypatch.setenv("SHANZHI_LISTEN", "0.0.0.0:8000")
    assert examinations.demo_sign_in(NOW).state == "warn"
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings.production")
    assert examinations.demo_sign_in(NOW).state == "bad"
    settings.SHANZHI_DEMO = False
    assert examinations.demo_sign_in(NOW).state == "ok"


def test_one_click_sign_in_behind_a_proxy_is_open_to_all_whatever_it_listens_on(
    settings, monkeypatch
):
    monkeypatch.delenv("SHANZHI_LISTEN", raising=False)
    settings.SHANZHI_DEMO, settings.ALLAUTH_TRUSTED_PROXY_COUNT = True, 1
    assert examinations.demo_sign_in(NOW).state == "bad"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    monkeypatch.setenv("SHANZHI_SECRET_KEY", "of a server")
    assert examinations.demo_sign_in(NOW).state == "bad"


@pytest.mark.django_db
def test_what_a_fresh_installation_lacks_is_said_in_the_order_of_mending():
    def told():
        found = examinations.beginnings(timezone.now())
        return found.state, found.mend.partition(",")[0]

    assert told() == ("bad", "Run: shanzhi load-divisions FILE")
    people.city()
    assert told() == ("bad", "Run: shanzhi appoint USERNAME security_admin --name NAME")
    beginning.appoint("an.quan", "security_admin", name="某某", place="", department="")
    assert told() == ("warn", "Run: shanzhi load-shipped")
    beginning.load_shipped()
    assert told() == ("ok", "")


@pytest.mark.parametrize(
    ("keys", "trouble"),
    [
        ([GOOD_KEY], ""),
        ([], "SHANZHI_KEYS is empty"),
        ([*checks.DEVELOPMENT_KEYS], "SHANZHI_KEYS holds the development key"),
        (["!"], "A key in SHANZHI_KEYS is not base64."),
        (["YWJj"], "A key in SHANZHI_KEYS does not have 32 bytes."),
        (["A" * 43 + "="], "A key in SHANZHI_KEYS is not random."),
        ([GOOD_KEY, "YWJj"], "A key in SHANZHI_KEYS does not have 32 bytes."),
    ],
)
def test_weak_keys(production, keys, trouble):
    assert checks.weak_keys(keys).startswith(trouble)
    production.SHANZHI_KEYS = keys
    assert examinations.keys(NOW).state == ("bad" if trouble else "ok")
    assert (not trouble) == (not errors("shanzhi.E002"))


def errors(code: str) -> list:
    found = run_checks(tags=["security"], include_deployment_checks=True)
    return [error for error in found if error.id == code]


def test_one_click_sign_in_fails_the_deployment_check(settings):
    settings.SHANZHI_DEMO = True
    assert len(errors("shanzhi.E001")) == 1
    settings.SHANZHI_DEMO = False
    assert errors("shanzhi.E001") == []


def test_the_order_of_examinations_begins_with_the_database():
    assert examinations.ALL[0] is examinations.database
    assert len(set(examinations.ALL)) == len(examinations.ALL) == 22


@pytest.mark.django_db
def test_every_examination_answers_here_and_now():
    for finding in doctor.run(examinations.ALL, timezone.now()):
        assert isinstance(finding, Finding)
        assert finding.state in ("ok", "warn", "bad")
        assert finding.sentence.endswith((".", "left."))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("spoil", "state", "sentence"),
    [
        ("select", "ok", "fence around persons stands"),
        ("alter table registry_person disable row level security", "bad", "was switched off"),
        ("revoke insert on registry_person from shanzhi_web", "bad", "pages fail"),
    ],
)
def test_the_fence_around_persons_is_told_apart_from_one_that_is_down(spoil, state, sentence):
    with connection.cursor() as cursor:
        cursor.execute(spoil)
    finding = examinations.fence(NOW)
    assert finding.state == state
    assert sentence in finding.sentence


@pytest.mark.django_db
def test_a_user_who_may_not_make_roles_is_told_what_to_ask_for():
    with connection.cursor() as cursor:
        cursor.execute("create role shanzhi_nobody nologin")
        cursor.execute("grant all on schema public to shanzhi_nobody")
        cursor.execute("set local role shanzhi_nobody")
        with pytest.raises(ImproperlyConfigured, match="GRANT shanzhi_web TO"):
            fence.arm()
        cursor.execute("set local role none")


def test_what_draws_papers(monkeypatch):
    monkeypatch.setattr(papers, "can_make_pdf", lambda: False)
    finding = examinations.papers(NOW)
    assert finding.state == "warn" and "Pango" in finding.sentence
    monkeypatch.setattr(papers, "can_make_pdf", lambda: True)
    monkeypatch.setattr(papers, "chinese_fonts", list)
    finding = examinations.papers(NOW)
    assert finding.state == "warn" and "fonts-noto-cjk" in finding.mend
    monkeypatch.setattr(papers, "chinese_fonts", lambda: ["Noto Serif CJK SC"])
    assert examinations.papers(NOW).state == "ok"


def test_the_certificates_that_sign(settings, tmp_path, production):
    assert "demonstration" in examinations.seals(NOW).sentence
    assert examinations.seals(NOW).state == "warn"
    settings.SHANZHI_SEALS = str(tmp_path)
    assert "There is no certificate" in examinations.seals(NOW).sentence
    path = tmp_path / "320411002.p12"
    path.write_bytes(certificates.new_root(NOW))
    assert examinations.seals(NOW).state == "ok"
    assert "expired" in examinations.seals(NOW + certificates.LASTS).sentence
    path.write_bytes(b"nothing")
    assert examinations.seals(NOW) == bad(
        "The certificate 320411002.p12 cannot be opened with the given passphrase.",
        "See SHANZHI_SEALS in docs/operate.md; until then these units cannot sign.",
    )


def test_the_authority_that_stamps_signatures(settings, monkeypatch):
    assert "no time-stamp authority" in examinations.time_stamps(NOW).sentence
    monkeypatch.setenv("no_proxy", "*")
    with authority.serving() as server:
        settings.SHANZHI_SEALS_TIMESTAMP = server.url
        assert examinations.time_stamps(NOW) == ok("The time-stamp authority stamps signatures.")
        server.how = "nonsense"
        finding = examinations.time_stamps(NOW)
        assert finding.state == "bad" and "no time stamp but text/html" in finding.sentence
    settings.SHANZHI_SEALS_TIMESTAMP_NEEDED = False
    assert examinations.time_stamps(NOW).state == "warn"
