"""Lighthouse in a throw-away folder, with the machine's own Chromium; only where asked for."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import orjson

from operate.system import Problem

from .report import Row

FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-background-networking "
    "--disable-component-update --disable-sync --no-first-run"
)
REQUIRED = {"performance": 95, "accessibility": 100, "best-practices": 95}


def rows(port: int, cookies: str) -> list[Row]:
    """The resident's home, as a phone of the middle class would see it."""
    browser, npm = shutil.which("chromium") or shutil.which("google-chrome"), shutil.which("npm")
    if not browser or not npm:
        raise Problem("Lighthouse needs npm and Chromium on this machine.")
    with tempfile.TemporaryDirectory() as folder:
        install = [npm, "install", "--no-audit", "--no-fund", "--prefix", folder, "lighthouse"]
        subprocess.run(install, check=True, capture_output=True)
        scores = _scores(Path(folder), browser, f"http://127.0.0.1:{port}/", cookies)
    return [
        Row(f"lighthouse.{name}", f"Lighthouse mobile, {name}", "of 100", scores[name], required)
        for name, required in REQUIRED.items()
    ]


def _scores(folder: Path, browser: str, address: str, cookies: str) -> dict[str, float]:
    headers, found = folder / "headers.json", folder / "report.json"
    headers.write_bytes(orjson.dumps({"Cookie": cookies.removeprefix("Cookie: ").strip()}))
    command = [
        str(folder / "node_modules/.bin/lighthouse"), address, "--quiet", "--output=json",
        f"--output-path={found}", f"--extra-headers={headers}", f"--chrome-flags={FLAGS}",
        f"--only-categories={','.join(REQUIRED)}",
    ]  # fmt: skip
    env = os.environ | {"CHROME_PATH": browser}
    subprocess.run(command, check=True, capture_output=True, env=env, timeout=300)
    categories = orjson.loads(found.read_bytes())["categories"]
    return {name: 100 * categories[name]["score"] for name in REQUIRED}
