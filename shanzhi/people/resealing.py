"""Secrets of second factors under the first key: allauth keeps them inside a JSON column."""

import base64
import binascii
from collections import Counter
from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from django.db import transaction

from shanzhi.kernel import rotation
from shanzhi.kernel.crypto import VERSION

SECRETS = ("secret", "seed")  # of the app; of the recovery codes
AT_ONCE = 300


def register() -> None:
    rotation.register_further(rotation.Further("mfa_authenticator.data", counts, reseal))


def counts() -> Counter[bytes]:
    rows = Authenticator.objects.values_list("data", flat=True).iterator()
    return Counter(sealed[1:5] for data in rows for _name, sealed in _sealed(data))


def reseal() -> Iterator[int]:
    last = 0
    while True:
        with transaction.atomic():
            rows = Authenticator.objects.select_for_update(skip_locked=True)
            batch = list(rows.filter(pk__gt=last).order_by("pk")[:AT_ONCE])
            done = sum(_reseal(each) for each in batch)
        yield done
        if len(batch) < AT_ONCE:
            return
        last = batch[-1].pk


def _reseal(authenticator):
    fresh = {
        name: base64.b64encode(again).decode()
        for name, sealed in _sealed(authenticator.data)
        if sealed[1:5] != rotation.names()[0] and (again := rotation.reseal(sealed, "mfa"))
    }
    if fresh:
        rows = Authenticator.objects.filter(pk=authenticator.pk)
        rows.update(data=authenticator.data | fresh)
    return len(fresh)


def _sealed(data):
    for name in SECRETS:
        try:
            sealed = base64.b64decode(data.get(name, ""), validate=True)
        except (binascii.Error, TypeError):
            continue
        if sealed[:1] == VERSION and len(sealed) > 17:
            yield name, sealed
