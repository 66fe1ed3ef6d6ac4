"""docs/operate.md and the files of deploy/ against the program they are about."""

import re
import subprocess

import pytest
import typer
from django.conf import settings
from django.urls import reverse

from operate import cli
from operate.environment import ROOT

PAGE = (ROOT / "docs/operate.md").read_text(encoding="utf-8")
NGINX = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
INSTALL, ENV = BLOCKS[0], BLOCKS[1]


def known(words):
    """Is there such a command? Of a group its first command as well."""
    command = typer.main.get_command(cli.app)
    for word in words:
        if not hasattr(command, "commands"):
            return True
        if word not in command.commands:
            return False
        command = command.commands[word]
    return True


def test_every_command_that_the_page_names_exists():
    typed = re.findall(r"(?:^|&& |`)shanzhi ([a-z][a-z -]*)", PAGE, re.MULTILINE)
    assert len(typed) > 15
    wrong = [each for each in typed if not known(each.split()) and each.split()[0] != "bench"]
    assert wrong == []


def test_the_example_environment_is_read_the_same_by_systemd_and_by_the_commands():
    """systemd takes all of a line as the value; django-environ leaves a remark out."""
    lines = ENV.splitlines()
    assert [line for line in lines if not re.fullmatch(r"[A-Z_]+=\S+", line)] == []
    assert {line.partition("=")[0] for line in lines} >= {"SHANZHI_KEYS", "DATABASE_URL"}


def test_folders_that_units_may_write_are_made_by_the_installation():
    for unit in (ROOT / "deploy").glob("*.service"):
        wanted = re.search(r"^ReadWritePaths=(.*)$", unit.read_text(), re.MULTILINE)[1].split()
        made = set(re.findall(r"/srv/\S+", INSTALL)) | {"/opt/shanzhi/var"}
        assert set(wanted) <= made, unit.name


def location(path):
    """The block of nginx.conf that serves a path: expressions first, then the longest beginning."""
    blocks = re.findall(r"location (~ )?(\S+) \{(.*?)\n    \}", NGINX, re.DOTALL)
    expressions = [body for mark, place, body in blocks if mark and re.search(place, path)]
    begins = [(place, body) for mark, place, body in blocks if not mark and path.startswith(place)]
    return expressions[0] if expressions else max(begins)[1]


@pytest.mark.parametrize("name", ["people:sign_in", "people:sign_in_code", "account_login"])
def test_nginx_holds_back_who_tries_passwords_and_codes(name):
    assert "limit_req zone=sign_in" in location(reverse(name))


def test_nginx_lets_pass_what_the_program_takes():
    def largest(path):
        said = re.search(r"client_max_body_size (\d+)m", location(path)) or re.search(
            r"client_max_body_size (\d+)m", NGINX
        )
        return int(said[1])

    assert largest(reverse("registry:import_new")) > settings.SHANZHI_IMPORT_MB
    assert largest(reverse("cases:serve")) > settings.SHANZHI_UPLOAD_MB


def test_nginx_of_debian_12_understands_it():
    assert "http2 on" not in NGINX  # only from 1.25.1


def test_a_copied_venv_is_noticed(tmp_path):
    """Its programs begin with the path at which it was made."""
    script = (ROOT / "operate/bootstrap.sh").read_text(encoding="utf-8")
    asked = re.search(r"^is_copied\(\) \{.*?^\}", script, re.DOTALL | re.MULTILINE)[0]

    def is_copied(first_line):
        programs = tmp_path / ".venv/bin"
        programs.mkdir(parents=True, exist_ok=True)
        (programs / "shanzhi").write_text(f"{first_line}\n")
        command = ["sh", "-c", f"{asked}\nis_copied"]
        return subprocess.run(command, cwd=tmp_path, check=False).returncode == 0

    assert is_copied("#!/elsewhere/.venv/bin/python")
    assert not is_copied(f"#!{tmp_path}/.venv/bin/python")
    assert not is_copied("#!/bin/sh")
