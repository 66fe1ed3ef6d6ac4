from django.utils.translation import gettext as _

from shanzhi.kernel import Refused

from ..models import Person
from ..queries import retention


def check_forget(person: Person) -> None:
    if retention.is_present(person):
        raise Refused(_("This person is still present in a community and cannot be forgotten."))
    if person.merged_into_id:
        raise Refused(_("This entry is part of another one: forget that one."))
