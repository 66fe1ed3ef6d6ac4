"""Answers under production settings, in a process of its own: what is sent with every page."""

import base64
import json
import os
import secrets
import subprocess
import sys

import pytest

from operate.environment import ROOT

ASK = """
import json, sys
from django.conf import settings
plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # needs no build
settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
import django
django.setup()
from django.test import Client

def told(response):
    said = ("secure", "httponly", "samesite", "path", "domain")
    cookies = {name: {key: each[key] for key in said} for name, each in response.cookies.items()}
    return {"status": response.status_code, "headers": dict(response.items()), "cookies": cookies}

client = Client(headers={"host": "shanzhi.example"})
json.dump({
    "page": told(client.get("/sign-in/", secure=True)),
    "proxied": told(client.get("/offline/", headers={"x-forwarded-proto": "https"})),
    "plain": told(client.get("/sign-in/")),
    "elsewhere": told(client.get("/offline/", secure=True, headers={"host": "evil.example"})),
    "demo": told(client.get("/styleguide/", secure=True)),
    "chosen": told(client.post("/prefs/large", {"large": "1"}, secure=True)),
    "session": {name: getattr(settings, f"SESSION_COOKIE_{name}")
                for name in ("NAME", "SECURE", "HTTPONLY", "SAMESITE")},
}, sys.stdout)
"""


@pytest.fixture(scope="module")
def answers():
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SHANZHI_SECRET_KEY": secrets.token_urlsafe(50),
        "SHANZHI_KEYS": base64.b64encode(secrets.token_bytes(32)).decode(),
        "SHANZHI_HOSTS": "shanzhi.example",
    }
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK], env=env, cwd=ROOT, capture_output=True
    )
    assert run.returncode == 0, run.stderr.decode()
    return json.loads(run.stdout)


def test_a_browser_is_told_to_use_nothing_but_https(answers):
    hsts = "max-age=31536000; includeSubDomains; preload"
    assert answers["page"]["status"] == 200
    assert answers["page"]["headers"]["Strict-Transport-Security"] == hsts
    assert answers["proxied"]["headers"]["Strict-Transport-Security"] == hsts
    assert answers["plain"]["status"] == 301
    assert answers["plain"]["headers"]["Location"] == "https://shanzhi.example/sign-in/"


def test_cookies_travel_encrypted_and_belong_to_this_host_alone(answers):
    cookie = answers["page"]["cookies"]["__Host-csrf"]
    assert cookie == {
        "secure": True, "httponly": True, "samesite": "Lax", "path": "/", "domain": "",
    }  # fmt: skip
    assert answers["chosen"]["cookies"]["large"]["secure"] is True
    assert answers["session"] == {
        "NAME": "__Host-session", "SECURE": True, "HTTPONLY": True, "SAMESITE": "Lax",
    }  # fmt: skip


def test_another_host_and_the_pages_of_the_demonstration_are_not_there(answers):
    assert answers["elsewhere"]["status"] == 400
    assert answers["demo"]["status"] == 404
