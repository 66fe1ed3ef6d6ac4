from .catalogue import Edition, Entry
from .register import Certificate, Refusal, RequestingUnit, Series

__all__ = ["Certificate", "Edition", "Entry", "Refusal", "RequestingUnit", "Series"]
