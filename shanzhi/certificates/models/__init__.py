from .applying import Application
from .catalogue import Edition, Entry
from .register import Certificate, Refusal, RequestingUnit, Series

__all__ = [
    "Application", "Certificate", "Edition", "Entry", "Refusal", "RequestingUnit", "Series",
]  # fmt: skip
