"""Fields that forms of all areas have."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from shanzhi.kernel import inputs


@pytest.mark.parametrize("typed", ["0001-01-01", "1799-12-31", "2200-01-01", "9999-12-31", "x"])
def test_no_form_takes_a_day_that_is_not_of_our_time(typed):
    with pytest.raises(ValidationError):
        inputs.day().clean(typed)


def test_a_day_is_shown_as_browsers_write_it_in_every_language():
    field = inputs.day("Day", required=False)
    assert field.clean("1881-02-03") == date(1881, 2, 3)
    assert field.clean("") is None
    assert 'value="2026-12-01"' in field.widget.render("day", date(2026, 12, 1))
