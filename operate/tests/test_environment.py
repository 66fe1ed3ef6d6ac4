import base64
import os
import re
import secrets
import subprocess
import sys
from gettext import NullTranslations
from pathlib import Path

import pytest
from django.utils.translation import override, pgettext, trans_real

from operate import environment, steps


@pytest.mark.parametrize(
    ("given", "module"),
    [
        ({}, "config.settings.development"),
        ({"DATABASE_URL": "postgres://a/b"}, "config.settings.development"),
        ({"SHANZHI_SECRET_KEY": "x"}, "config.settings.production"),
        (
            {"SHANZHI_SETTINGS": "development", "SHANZHI_SECRET_KEY": "x"},
            "config.settings.development",
        ),
        ({"SHANZHI_SETTINGS": "production"}, "config.settings.production"),
        ({"SHANZHI_SETTINGS": "city.settings"}, "city.settings"),
    ],
)
def test_which_settings_hold(given, module):
    assert environment.settings_module(given) == module


def test_the_embedded_database_is_used_only_where_no_other_is_named():
    assert environment.is_embedded({})
    assert environment.is_embedded({"DATABASE_URL": ""})
    assert not environment.is_embedded({"DATABASE_URL": "postgres://a/b"})


def test_the_operators_file_fills_in_what_the_environment_does_not_say(tmp_path, monkeypatch):
    file = tmp_path / "env"
    file.write_text("A_FROM_FILE='quoted text'\nA_SET_BEFORE=file\n")
    monkeypatch.setenv("SHANZHI_ENV_FILE", str(file))
    monkeypatch.setenv("A_SET_BEFORE", "environment")
    monkeypatch.setenv("A_FROM_FILE", "")
    monkeypatch.delenv("A_FROM_FILE")

    environment.read_file()

    assert os.environ.pop("A_FROM_FILE") == "quoted text"
    assert os.environ["A_SET_BEFORE"] == "environment"


def test_every_setting_an_operator_may_make_is_in_the_manual():
    root = environment.ROOT
    manual = (root / "docs" / "operate.md").read_text()
    sources = [*root.glob("config/**/*.py"), *root.glob("operate/*.py"), root / "Makefile"]
    missing = {name for path in sources for name in _names(path) if f"`{name}`" not in manual}
    assert missing == set()


def _names(path: Path) -> set[str]:
    reads = r"""(?:env(?:\.\w+)?\(\s*|environ(?:ment_?)?(?:\.get\(|\[)|envvar=)["']([A-Z_]+)["']"""
    names = set(re.findall(reads, path.read_text()))
    return {name for name in names if name.startswith(("SHANZHI_", "DATABASE_"))}


def test_djangos_deployment_check_is_clean_with_production_settings():
    env = os.environ | {
        "SHANZHI_SETTINGS": "production",
        "SHANZHI_SECRET_KEY": secrets.token_urlsafe(50),
        "SHANZHI_KEYS": base64.b64encode(secrets.token_bytes(32)).decode(),
        "SHANZHI_HOSTS": "shanzhi.example.org",
    }
    command = [sys.executable, "-m", "operate.cli", "check"]
    run = {"cwd": environment.ROOT, "capture_output": True, "text": True}
    assert "no issues (0 silenced)" in subprocess.run(command, env=env, **run).stdout

    env["SHANZHI_SECRET_KEY"] = ""
    env.pop("SHANZHI_KEYS")
    failed = subprocess.run(command, env=env, **run)
    assert failed.returncode == 1
    assert failed.stderr.startswith("The settings are not complete. Set the SHANZHI_KEYS")


def test_what_was_read_before_the_translations_were_compiled_is_forgotten():
    """On a first start the same process goes on to build the demonstration."""
    with override("zh-hans"):
        trans_real._translations["zh-hans"] = NullTranslations()
    with override("zh-hans"):
        assert pgettext("cycle", "As needed") == "As needed"
    steps.compile_translations(lambda text: None)
    with override("zh-hans"):
        assert pgettext("cycle", "As needed") == "按需"
