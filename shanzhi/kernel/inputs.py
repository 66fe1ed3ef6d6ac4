"""Fields that forms of all areas have."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from .asked import OUR_TIME

FIRST, LAST = date(OUR_TIME[0], 1, 1), date(OUR_TIME[-1], 12, 31)


def day(label: Any = None, required: bool = True, **more: Any) -> forms.DateField:
    """Of our time: what is counted from it, day by day, comes to an end."""
    return forms.DateField(
        label=label, required=required,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),  # what browsers expect
        validators=[MinValueValidator(FIRST), MaxValueValidator(LAST)], **more,
    )  # fmt: skip
