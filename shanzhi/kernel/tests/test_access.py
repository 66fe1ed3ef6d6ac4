import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from shanzhi.kernel import access


@access.desk
def page(request):
    return HttpResponse("inside")


@access.desk(roles={"city_clerk"})
def narrow_page(request):
    return HttpResponse("inside")


def test_the_desk_is_shut_where_nobody_guards_it(rf, monkeypatch):
    monkeypatch.setattr(access, "_guard", access._shut)
    with pytest.raises(PermissionDenied):
        page(rf.get("/"))


def test_the_guard_lets_in_or_answers_itself(rf, monkeypatch):
    monkeypatch.setattr(access, "_guard", access._shut)
    access.set_guard(lambda request, roles: HttpResponse("no", status=403) if roles else None)
    assert page(rf.get("/")).content == b"inside"
    assert narrow_page(rf.get("/")).status_code == 403
