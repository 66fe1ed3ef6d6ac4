"""Who acts: an account, and the post through which it acts, if any."""

from dataclasses import dataclass

from . import places


@dataclass(frozen=True)
class Actor:
    """`by` of every command. A resident has no post; the system has neither account nor post.

    `place` and `department` are those of the post: what a staff member may see lies in `place`.
    """

    account_id: int | None
    post_id: int | None = None
    role: str = ""
    place: str = ""
    department: str = ""
    name: str = ""
    key_id: int | None = None  # the API key, where a program acts

    @property
    def is_staff(self) -> bool:
        return bool(self.role)

    def covers(self, code: str) -> bool:
        """Does this actor's post reach the place `code`?"""
        return bool(self.role and self.place) and places.holds(self.place, code)


SYSTEM = Actor(account_id=None)
