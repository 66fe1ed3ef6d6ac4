"""Cases for programs: what can be asked for, where it goes, and every step of a case."""

from .attachments import router as attachments
from .cases import router as cases
from .desk import router as desk
from .items import router as items
from .places import router as places
from .steps import add_steps

add_steps(cases)
ROUTERS = [
    ("/items", items),
    ("/places", places),
    ("/cases", cases),
    ("/attachments", attachments),
    ("", desk),
]
