"""The column type for division codes and other codes that are compared byte by byte."""

from django.db import models


class CodeField(models.CharField):
    """Text in the C collation, so that a prefix is one range of an index (see kernel/places.py)."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("db_collation", "C")
        super().__init__(*args, **kwargs)
