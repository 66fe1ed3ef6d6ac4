"""A page looked at a hundred times by Django's test client, in this process."""

import time
from collections.abc import Callable

import numpy as np
from django.test import Client

from .report import Row

PAGE = 100  # milliseconds, 95 of 100
LOOKS = 100


def page(code: str, title: str, client: Client, url: str, of: str) -> Row:
    """`of` says how much there is to look at."""

    def ask():
        answer = client.get(url)
        assert answer.status_code == 200, (url, answer.status_code)

    ask()
    times = [timed(ask) for _n in range(LOOKS)]
    detail = f"{of}; median {np.median(times):.0f} ms"
    return Row(code, f"{title}, p95", "ms", p95(times), PAGE, most=True, detail=detail)


def timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - began)


def p95(times: list[float]) -> float:
    return float(np.percentile(times, 95))
