"""Run as a program inside a town: makes its places, items and residents, prints their sessions."""

import json
import sys

import django
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone


def main(residents: int) -> None:
    django.setup()
    from shanzhi.cases.tests import factories
    from shanzhi.people.tests import factories as people

    settings.ALLOWED_HOSTS = ["*"]
    factories.city()
    at = timezone.now()
    accounts = [people.resident(f"1380001{n:04d}", "张示例", at) for n in range(residents)]
    held = people.post("community_worker", factories.TIANAN)
    sessions = [session(people.enter(Client(), each)) for each in [*accounts, held]]
    json.dump({"residents": sessions[:-1], "worker": sessions[-1]}, sys.stdout)
    connection.close()


def session(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


if __name__ == "__main__":
    main(int(sys.argv[1]))
