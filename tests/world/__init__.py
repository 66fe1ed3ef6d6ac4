"""One of everything that has an address of its own, and who holds which post.

The pages of addresses.py are asked for in a small city made by factories (World.small) and in the
demonstration city (World.of_demo). What is there of an area, its module furnishes: `furnish` gives
rows by the name under which addresses.py asks for them; later areas find those of earlier ones.
"""

from dataclasses import dataclass, field

from django.utils import timezone

from shanzhi.cases.tests import factories as small
from shanzhi.kernel.acting import Actor
from shanzhi.people import commands
from shanzhi.people.models import Account, Post
from shanzhi.people.tests import factories as makes
from shanzhi.shell.demo.people import COMMUNITY, GRID, PEOPLE, STREET

from . import agreements, burden, cases, certificates, effort, gate, people, registry, rights
from .people import SECRET, SECURED, draw
from .posts import ELSEWHERE, PARTIES, PLACES, ROLES, posts

__all__ = ["COMMUNITY", "GRID", "PARTIES", "ROLES", "SECRET", "SECURED", "STREET", "World"]
AREAS = (cases, people, registry, rights, burden, gate, certificates, agreements, effort)


@dataclass
class World:
    resident: Account
    posts: dict[str, Post]
    strangers: dict[str, Post] = field(default_factory=dict)
    neighbour: Account | None = None
    objects: dict[str, object] = field(default_factory=dict)

    def __getattr__(self, name):
        try:
            return self.__dict__["objects"][name]
        except KeyError:
            raise AttributeError(name) from None

    def holder(self, party: str) -> Post | Account:
        return self.resident if party == "resident" else self.posts[party]

    def actor(self, party: str) -> Actor:
        return makes.actor(self.holder(party))

    @classmethod
    def small(cls) -> "World":
        small.city()
        resident = makes.resident("13800000001", name="张示例")
        commands.choose_home(
            account=resident, place=GRID, estate=makes.estate(),
            by=makes.actor(resident), at=timezone.now(),
        )  # fmt: skip
        draw(GRID)
        world = cls(Account.objects.get(pk=resident.pk), posts(PLACES), posts(ELSEWHERE))
        world.neighbour = makes.resident("13800000002", name="李示例")
        makes.post("community_worker", makes.FUDU, account=world.posts["community_worker"].account)
        return world.furnished()

    @classmethod
    def of_demo(cls) -> "World":
        """Of a clerk with several posts the first one: 三井街道民政办."""
        held = {
            person.code: Post.objects.filter(account__username=f"demo-{person.code}").order_by("pk")
            for person in PEOPLE
        }
        posts = {code: rows[0] for code, rows in held.items() if rows}
        return cls(Account.objects.get(username="demo-resident"), posts).furnished()

    def furnished(self) -> "World":
        at = timezone.now()
        for area in AREAS:
            self.objects |= area.furnish(self, at)
        return self
