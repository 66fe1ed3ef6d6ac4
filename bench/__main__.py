import sys

from operate.system import Problem

from .cli import app

try:
    app(prog_name="bench")
except Problem as problem:
    sys.exit(str(problem))
