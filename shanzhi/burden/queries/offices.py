"""Which burden relief office looks after a place."""

from datetime import date

from django.conf import settings

from shanzhi.kernel import places
from shanzhi.people.queries import holders

OFFICE = "burden_office"


def office_of(place: str, today: date) -> str:
    """The nearest that somebody holds: of the district, else of the city."""
    for code in sorted(places.above(place), key=len, reverse=True):
        if len(code) <= places.LEVELS["district"] and holders(code, "", {OFFICE}, today):
            return code
    return settings.SHANZHI_CITY
