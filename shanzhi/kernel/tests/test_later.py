"""Libraries that few processes need are not there until somebody asks for them."""

import subprocess
import sys

import pytest

from operate.environment import ROOT

from ..later import Later

BEGIN = """
import sys, django
django.setup()
print([name for name in {names} if name in sys.modules])
"""


def test_a_module_is_imported_by_its_first_use(tmp_path, monkeypatch):
    (tmp_path / "heavy_thing.py").write_text("WEIGHT = 7\n")
    monkeypatch.syspath_prepend(tmp_path)
    heavy = Later("heavy_thing")
    assert "heavy_thing" not in sys.modules
    assert heavy.WEIGHT == 7 and "heavy_thing" in sys.modules
    with pytest.raises(AttributeError):
        heavy.nothing  # noqa: B018
    del sys.modules["heavy_thing"]


def test_django_begins_without_libraries_that_few_processes_need():
    names = [
        "shapely",
        "numpy",
        "rjieba",
        "chinese_calendar",
        "weasyprint",
        "duckdb",
        "openpyxl",
        "pyhanko",
        "aiohttp",
    ]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BEGIN.format(names=names)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
