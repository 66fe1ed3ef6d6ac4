"""Who holds which post, and where."""

from shanzhi.people import kinds
from shanzhi.people.models import Post
from shanzhi.people.tests import factories as makes
from shanzhi.shell.demo.people import COMMUNITY, GRID, STREET

ROLES = tuple(kinds.ROLES)
PARTIES = ("anonymous", "resident", *ROLES)
PLACES = {
    "community_secretary": COMMUNITY,
    "community_worker": COMMUNITY,
    "grid_leader": GRID,
    "subdistrict_clerk": STREET,
    "department_clerk": STREET,
    "district_clerk": "320411",
}
ELSEWHERE = {  # the same roles in the neighbouring divisions
    "community_secretary": makes.FUDU,
    "community_worker": makes.FUDU,
    "grid_leader": "320411002018002",
    "subdistrict_clerk": "320411003",
    "department_clerk": "320411003",
    "district_clerk": makes.TIANNING,
}


def posts(places_of: dict[str, str]) -> dict[str, Post]:
    return {
        role: makes.post(
            role,
            places_of.get(role, "3204"),
            department="civil_affairs" if role == "department_clerk" else "",
        )
        for role in ROLES
        if role in places_of or places_of is PLACES
    }
