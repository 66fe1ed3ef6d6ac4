"""Addresses of a case's pages: a list has one a row, and to reverse each takes longer than that."""

from functools import cache

from django.urls import reverse


def of(name: str, number: str) -> str:
    """of("cases:own", "260000001234") → /mine/260000001234/"""
    return _pattern(name).replace("/0/", f"/{number}/")


@cache
def _pattern(name: str) -> str:
    return reverse(name, args=["0"])
