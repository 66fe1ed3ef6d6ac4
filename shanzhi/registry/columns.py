"""Column types that say what a value is, so that the catalogue can read it off the model."""

from django.db import models

from .codelists import CodeList


class CodedField(models.CharField):
    """A code of one list; "" where it is not known. Labels come from the list, not from choices:
    a longer list is no migration.
    """

    def __init__(self, codelist: CodeList | None = None, **kwargs):
        self.codelist = codelist
        kwargs.setdefault("max_length", 3)
        kwargs.setdefault("default", "")
        kwargs.setdefault("blank", True)
        super().__init__(**kwargs)


class HashField(models.BinaryField):
    """The keyed hash by which a sealed value is found (kernel/crypto.py); 32 bytes."""

    def __init__(self, **kwargs):
        kwargs.setdefault("max_length", 32)
        kwargs.setdefault("null", True)
        super().__init__(**kwargs)
