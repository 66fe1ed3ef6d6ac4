from django.db import connection
from django.http import HttpResponse
from django.urls import path


def answer(request):
    """200 where web server and database work together."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'it works'")
        return HttpResponse(cursor.fetchone())


urlpatterns = [path("", answer)]
