"""What a password has to be, where Django's own sentence has no Chinese."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext


class Length(MinimumLengthValidator):
    def get_error_message(self) -> str:
        return ngettext(
            "The password needs at least %(n)s character.",
            "The password needs at least %(n)s characters.",
            self.min_length,
        ) % {"n": self.min_length}
