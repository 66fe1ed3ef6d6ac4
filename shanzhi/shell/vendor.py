"""`python -m shanzhi.shell.vendor`: takes what we serve out of node_modules into var/vendor.

Part of the build, before collectstatic, so that a server needs neither Node.js nor node_modules.
"""

import re
import sys
from pathlib import Path

import orjson

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "var" / "vendor"
ICONS = VENDOR / "icons.json"  # read by the pages in process; not served

SERVED = (
    "@tabler/core/dist/css/tabler.min.css",
    "htmx.org/dist/htmx.min.js",
    "echarts/dist/echarts.min.js",
)
NODES = "@tabler/icons/tabler-nodes-outline.json"
SOURCE_MAP = re.compile(rb"\n?(/\*|//)[#@] sourceMappingURL=[^\n]*")


def gather() -> None:
    VENDOR.joinpath("served").mkdir(parents=True, exist_ok=True)
    for path in map(MODULES.joinpath, SERVED):
        content = SOURCE_MAP.sub(b"", path.read_bytes())  # the maps themselves are not served
        VENDOR.joinpath("served", path.name).write_bytes(content)
    nodes = orjson.loads(MODULES.joinpath(NODES).read_bytes())
    ICONS.write_bytes(orjson.dumps({name: markup(parts) for name, parts in nodes.items()}))


def markup(parts: list) -> str:
    """[["path", {"d": "M5 12"}]] → <path d="M5 12"/>"""
    return "".join(
        "<{} {}/>".format(tag, " ".join(f'{key}="{value}"' for key, value in values.items()))
        for tag, values in parts
    )


if __name__ == "__main__":
    gather()
    sys.stdout.write(f"front-end files are in {VENDOR.relative_to(ROOT)}\n")
