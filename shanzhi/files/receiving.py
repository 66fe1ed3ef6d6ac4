"""Uploads on their way in: what is too large is not kept, not even in a temporary file."""

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest
from django.utils.translation import gettext as _

from shanzhi.kernel import Refused

from . import rules

MOST_FILES = 10  # in one request
UNHEARD = 10  # so many times too large, the connection is cut


class Limit(FileUploadHandler):
    """The first of FILE_UPLOAD_HANDLERS. Skips files that are too large and reads on, so that the
    fields typed beside them are not lost."""

    def handle_raw_input(self, input_data, meta, content_length, boundary, encoding=None):
        self.total = content_length

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.received = 0
        if self.total > UNHEARD * MOST_FILES * rules.largest():
            self._note()
            raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data, start):
        self.received += len(raw_data)
        if self.received > rules.largest():
            self._note()
            raise SkipFile
        return raw_data

    def file_complete(self, file_size):
        return None  # the next handler keeps it

    def _note(self):
        skipped = getattr(self.request, "skipped_uploads", frozenset())
        self.request.skipped_uploads = skipped | {self.field_name}


def uploads(request: HttpRequest, name: str) -> list[UploadedFile]:
    """The files sent under `name`; Refused where there are too many or one was too large."""
    received = request.FILES.getlist(name)
    if name in getattr(request, "skipped_uploads", ()):
        rules.check_size(rules.largest() + 1)
    if len(received) > MOST_FILES:
        raise Refused(
            _("Choose at most %(limit)s files at a time.") % {"limit": MOST_FILES}, field=name
        )
    return received
