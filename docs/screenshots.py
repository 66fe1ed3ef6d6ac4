"""Takes the two pictures of the README from a running demonstration.

    make run                                                    in one terminal
    .venv/bin/python docs/screenshots.py http://127.0.0.1:8000  in another

Needs a chromium; CHROMIUM names one that is not on the path.
"""

import os
import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).resolve().parent / "images"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")


@dataclass(frozen=True)
class Picture:
    name: str
    role: str  # of the demonstration
    width: int
    height: int
    scale: float


PICTURES = (
    Picture("home", "resident", 390, 844, 1.5),
    Picture("desk", "community_worker", 1440, 720, 1),
)


@contextmanager
def chromium():
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


def take(browser, address: str, picture: Picture) -> None:
    """Sign in by one click, and photograph the first page of that role."""
    page = browser.new_page(
        viewport={"width": picture.width, "height": picture.height},
        device_scale_factor=picture.scale,
        locale="zh-CN",
        reduced_motion="reduce",
    )
    page.goto(f"{address}/demo/")
    page.locator(f"form[action$='/{picture.role}/'] button").click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{picture.name}.png")
    page.close()


def main() -> None:
    address = (sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000").rstrip("/")
    IMAGES.mkdir(exist_ok=True)
    with chromium() as browser:
        for picture in PICTURES:
            take(browser, address, picture)


if __name__ == "__main__":
    main()
