"""What is the same in development, tests and production.

Everything an operator may set is read from the environment; docs/operate.md lists it.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, unquote

import environ
from csp.constants import NONE, SELF

from shanzhi.kernel import patience

ROOT = Path(__file__).resolve().parents[2]

env = environ.Env()
VAR = Path(env.str("SHANZHI_VAR", str(ROOT / "var")))  # made at run time: database, uploads, logs

# A business line is switched on by its folder being there.
LINES = sorted(path.parent.name for path in (ROOT / "shanzhi" / "lines").glob("*/apps.py"))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "django_htmx",
    "csp",
    "shanzhi.kernel",
    "shanzhi.journal",
    "shanzhi.places",
    "shanzhi.people",
    "shanzhi.work",
    "shanzhi.files",
    "shanzhi.registry",
    "shanzhi.burden",
    "shanzhi.gate",
    "shanzhi.certificates",
    "shanzhi.agreements",
    "shanzhi.cases",
    "shanzhi.effort",
    "shanzhi.shell",
    "operate",
    *(f"shanzhi.lines.{line}" for line in LINES),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "shanzhi.shell.middleware.content_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shanzhi.shell.middleware.faults",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shanzhi.shell.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "shanzhi.people.middleware.posts",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "people.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {  # ours
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,  # <area>/jinja2/<area>/*.html
        "OPTIONS": {
            "environment": "shanzhi.shell.jinja.environment",
            "context_processors": ["shanzhi.shell.context.frame"],
        },
    },
    {  # third parties'
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

# --- database -----------------------------------------------------------------------------------

EMBEDDED_DATABASE = VAR / "postgres"  # used where DATABASE_URL is not set
DATABASES = {
    "default": env.db_url(
        "DATABASE_URL",
        default=f"postgres://shanzhi@{quote(str(EMBEDDED_DATABASE / 'socket'), safe='')}/shanzhi",
        engine="django.db.backends.postgresql",
    )
}
DATABASES["default"]["HOST"] = unquote(DATABASES["default"]["HOST"])  # a socket folder
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # after the database was restarted
DATABASES["default"]["OPTIONS"] = {
    # a statement is prepared after so many uses, which works only where the server binds its values
    "prepare_threshold": 5,
    "server_side_binding": True,
    # nobody waits longer than 5 s: at most 3 s for a connection, and 4 s for what a page asks
    "pool": {
        "min_size": 1,
        "max_size": env.int("SHANZHI_POOL", 4),
        "timeout": 3,
        "reconnect_timeout": 1,  # else the pauses between its attempts would grow to minutes
        "connection_class": patience.Connection,
    },
    "options": "-c statement_timeout=4000 -c idle_in_transaction_session_timeout=30000",
    "connect_timeout": 3,
}
if env.str("SHANZHI_PROCESS", "") == "web":  # sees no person by itself: shanzhi/registry/fence.py
    DATABASES["default"]["OPTIONS"]["options"] += " -c role=shanzhi_web"

# --- time and language --------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English"), ("zh-hant", "繁體中文")]
LOCALE_PATHS = [ROOT / "locale"]

# --- static files and uploads ---------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [("vendor", VAR / "vendor/served")]  # gathered by shanzhi.shell.vendor
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+\.[0-9a-f]{12}\..+$"
FILES_ROOT = env.path(
    "SHANZHI_FILES", default=VAR / "files", required=False
)  # outside the web root
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # of a form without its files
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_HANDLERS = [
    "shanzhi.files.receiving.Limit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- accounts -------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["shanzhi.people.backends.Backend"]
LOGIN_URL = "people:sign_in"  # residents; staff sign in at account_login
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "shanzhi.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up: it names what is required
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # a staff session ends with the browser
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "60/m/ip"}  # an office has one address
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("SHANZHI_PROXIES", 0)  # in front of the server, for addresses
MFA_ADAPTER = "shanzhi.people.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Shanzhi"
MFA_TOTP_TOLERANCE = 1  # clocks differ by half a minute
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = env.bool(
    "SHANZHI_INSECURE_PASSKEYS", False
)  # http, for trials
MFA_FORMS = {
    "activate_totp": "shanzhi.people.forms.NewApp",
    "add_webauthn": "shanzhi.people.forms.NewPasskey",
    "authenticate": "shanzhi.people.forms.SecondFactor",
    "reauthenticate": "shanzhi.people.forms.SecondFactorAgain",
}
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "shanzhi.people.passwords.Length",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# In the database alone: a session ended on one process must be ended on all of them.
SESSION_ENGINE = "shanzhi.people.sessions"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SHANZHI_IDLE = {  # signed out after so long without a request
    "staff": timedelta(minutes=env.int("SHANZHI_IDLE_STAFF_MINUTES", 30)),
    "resident": timedelta(days=env.int("SHANZHI_IDLE_RESIDENT_DAYS", 30)),
}
SHANZHI_PHONE_STALE_DAYS = env.int("SHANZHI_PHONE_STALE_DAYS", 90)  # numbers are given out anew

CSRF_FAILURE_VIEW = "shanzhi.shell.views.errors.csrf_failure"

# --- security headers -----------------------------------------------------------------------------

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# --- ours -----------------------------------------------------------------------------------------

SHANZHI_DEMO = False  # one-click sign-in for the demonstration roles; development only
SHANZHI_DEMO_KEY = env.str("SHANZHI_DEMO_KEY", default="")  # of the links `shanzhi run` prints
SHANZHI_CITY = env.str("SHANZHI_CITY", "3204")  # the division this installation serves
SHANZHI_KEYS = env.list("SHANZHI_KEYS", default=[])  # base64, 32 bytes each; the first one encrypts
SHANZHI_CIPHER = env.str("SHANZHI_CIPHER", "shanzhi.kernel.crypto.aes_gcm")
SHANZHI_SMS = env.str("SHANZHI_SMS", "shanzhi.people.senders.inbox")  # sends codes to phones
SHANZHI_SOURCE = env.str("SHANZHI_SOURCE", "")  # where the source of this installation is (AGPL 13)
SHANZHI_API_RATE = env.int("SHANZHI_API_RATE", 6000)  # requests of an API key in a minute
SHANZHI_UPLOAD_MB = env.int("SHANZHI_UPLOAD_MB", 10)
SHANZHI_IMPORT_MB = env.int("SHANZHI_IMPORT_MB", 300)
SHANZHI_SOURCE_HOSTS = env.list("SHANZHI_SOURCE_HOSTS", default=[])  # that sources may be asked at
SHANZHI_SOURCE_FOLDER = env.str("SHANZHI_SOURCE_FOLDER", "")  # where departments drop files
SHANZHI_SOURCE_LOOPBACK = False  # tests only: a source on this very machine
SHANZHI_BINDING_DAYS = env.int("SHANZHI_BINDING_DAYS", 730)  # a proof of who somebody is holds
SHANZHI_BINDING_NOTICE_DAYS = env.int("SHANZHI_BINDING_NOTICE_DAYS", 30)  # told before its end
SHANZHI_TRANSFER_DAYS = env.int("SHANZHI_TRANSFER_DAYS", 5)  # working days; then it happens
SHANZHI_SEAL = env.str("SHANZHI_SEAL", "shanzhi.agreements.pades.seal")  # signs agreements
SHANZHI_SEALS = env.str("SHANZHI_SEALS", "")  # folder of <division>.p12; "" makes demonstrations
SHANZHI_SEALS_PASSPHRASE = env.str("SHANZHI_SEALS_PASSPHRASE", "")
SHANZHI_SEALS_PASSPHRASE_FILE = env.str("SHANZHI_SEALS_PASSPHRASE_FILE", "")
SHANZHI_SEALS_TRUST = env.str("SHANZHI_SEALS_TRUST", "")  # PEM of the authorities that are trusted
SHANZHI_SEALS_TIMESTAMP = env.str("SHANZHI_SEALS_TIMESTAMP", "")  # address of an RFC 3161 authority
SHANZHI_SEALS_TIMESTAMP_NEEDED = env.bool("SHANZHI_SEALS_TIMESTAMP_NEEDED", True)
SHANZHI_AGREEMENTS = {
    "evaluation": env.int("SHANZHI_AGREEMENTS_EVALUATION", 15),  # working days from December on
}
SHANZHI_GATE = {  # what a city decides about its gate; days are working days unless they say so
    "lead": env.int("SHANZHI_GATE_LEAD", 30),  # from the application to the start
    "screening": env.int("SHANZHI_GATE_SCREENING", 5),
    "hearing": env.int("SHANZHI_GATE_HEARING", 10),
    "decision": env.int("SHANZHI_GATE_DECISION", 15),  # from the end of the screening
    "sample": env.int("SHANZHI_GATE_SAMPLE", 12),  # communities that are heard
    "share": env.int("SHANZHI_GATE_SHARE", 33),  # percent of working time that demands may take
    "filing": env.int("SHANZHI_GATE_FILING", 3),  # of an emergency, after its approval
    "emergency": env.int("SHANZHI_GATE_EMERGENCY", 30),  # calendar days; once more at most
    "review": env.int("SHANZHI_GATE_REVIEW", 180),  # calendar days until both sides evaluate
    "system_meeting": env.int("SHANZHI_GATE_SYSTEM_MEETINGS", 1),  # of a department in a year
    "comprehensive": env.int("SHANZHI_GATE_INSPECTIONS", 1),
}
SHANZHI_PLAQUES = {  # that may stay in a community; rules that hang on a wall: none
    "outside": env.int("SHANZHI_PLAQUES_OUTSIDE", 4),
    "inside": env.int("SHANZHI_PLAQUES_INSIDE", 4),
    "wall": env.int("SHANZHI_PLAQUES_WALL", 0),
}
SHANZHI_CERTIFICATE_SEAL = env.str("SHANZHI_CERTIFICATE_SEAL", "")  # puts an electronic seal on
SHANZHI_REVEALS_A_DAY = env.int("SHANZHI_REVEALS_A_DAY", 30)  # by one post, before security is told

vars().update(env.email_url("SHANZHI_MAIL_URL", default="smtp://localhost:25"))

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},  # it tells of every job
        "weasyprint": {"level": "ERROR"},  # and these of every step of a sheet
        "fontTools": {"level": "ERROR"},
        "pyhanko": {"level": "ERROR"},
        "pyhanko_certvalidator": {"level": "ERROR"},
    },
}
