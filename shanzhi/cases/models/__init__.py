from .case import Case, Correction, Draft, Filling, Involvement, Note, Rating, Replay, Reply, Reveal
from .item import Category, Item, Route

__all__ = [
    "Case",
    "Category",
    "Correction",
    "Draft",
    "Filling",
    "Involvement",
    "Item",
    "Note",
    "Rating",
    "Replay",
    "Reply",
    "Reveal",
    "Route",
]
