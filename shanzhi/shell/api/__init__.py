"""The HTTP API of this city: one frame and the routers of the areas."""

from shanzhi.cases import api as cases
from shanzhi.kernel.api.content import Renderer, Strict
from shanzhi.people.api import ApiKey
from shanzhi.registry import api as registry

from .docs import Page
from .frame import Frame

ABOUT = """Submit and follow requests of residents, as a program acting through a post.

Every request carries `Authorization: Bearer <key>`; a key is issued on the desk under "API keys",
for a post, a place and named service items, to read or also to write. Errors are documents of
RFC 9457 with a sentence in Chinese, or in the language that `Accept-Language` asks for."""

api = Frame(
    title="Shanzhi",
    version="1",
    description=ABOUT,
    urls_namespace="api",
    auth=ApiKey(),
    parser=Strict(),
    renderer=Renderer(),
    docs=Page(),
    docs_url="/docs/",
)
for prefix, router in (*cases.ROUTERS, *registry.ROUTERS):
    api.add_router(prefix, router)
