"""Columns that hold personal values encrypted. Python sees the value; the table, bytes."""

import orjson
from django.db import models

from . import crypto


class SealedText(models.BinaryField):
    """A text, encrypted. Cannot be searched: keep a keyed hash beside it where it must be found."""

    def get_lookup(self, lookup_name):
        """Only "is it there": equal values are sealed differently and would never be found."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def get_default(self):
        default = super().get_default()
        return "" if default == b"" else default

    def _context(self):
        return f"{self.model._meta.db_table}.{self.column}"

    def encode(self, value):
        return value.encode()

    def decode(self, plain):
        return plain.decode()

    def get_prep_value(self, value):
        if value is None:
            return None
        return crypto.seal(self.encode(value), context=self._context())

    def get_db_prep_value(self, value, connection, prepared=False):
        return value if prepared else self.get_prep_value(value)

    def from_db_value(self, value, expression, connection):
        return None if value is None else self.open(value)

    def open(self, sealed):
        """The value of a column read by raw SQL."""
        return self.decode(crypto.unseal(sealed, context=self._context()))

    def to_python(self, value):
        return value

    def value_to_string(self, obj):
        raise TypeError("a sealed value is not written into fixtures")


class SealedJSON(SealedText):
    """A JSON value, encrypted as a whole."""

    def encode(self, value):
        return orjson.dumps(value)

    def decode(self, plain):
        return orjson.loads(plain)
