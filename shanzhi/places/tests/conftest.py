import pytest
from django.db import connection

from shanzhi.places import memory


@pytest.fixture(autouse=True)
def _nothing_remembered():
    memory.forget()
    yield
    memory.forget()


@pytest.fixture
def database(transactional_db):
    """Real commits. The journal is no table of Django's, so it is emptied here."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("set shanzhi.journal_keeping = on")
        cursor.execute("truncate journal_entry")
        cursor.execute("reset shanzhi.journal_keeping")
