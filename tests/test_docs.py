"""The documents say what the code says: links, paths, quotations, the diagram, the tree."""

import importlib.util
import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
MADE = {".venv", "node_modules", "var"}  # and hidden folders
PAGES = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not any(part in MADE or part.startswith(".") for part in path.relative_to(ROOT).parts)
)
READMES = [ROOT / "README.md", ROOT / "README.zh.md"]
DECISIONS = sorted((DOCS / "adr").glob("*.md"))

FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
OURS = "shanzhi|operate|config|tests|docs|deploy|bench|locale"
NAMED = re.compile(rf"`((?:{OURS})/[\w./-]+)`")


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def text_of(path):
    """Without its blocks of code."""
    return FENCED.sub("", path.read_text(encoding="utf-8"))


def blocks(path, language):
    found = FENCED.findall(path.read_text(encoding="utf-8"))
    return [block for tag, block in found if tag == language]


def anchors(path):
    """As the sites that show Markdown make them of headings."""
    headings = HEADING.findall(text_of(path))
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


def exists(path):
    """From the root, or in each area alike: tests/factories.py."""
    return (ROOT / path).exists() or any(ROOT.glob(f"shanzhi/*/{path}"))


def broken(page):
    for found in LINK.findall(text_of(page)):
        link = "".join(found)
        if re.match(r"[a-z]+:", link):
            continue
        target, _hash, anchor = link.partition("#")
        path = page.parent / target if target else page
        if not path.exists() or (anchor and anchor not in anchors(path)):
            yield link


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page):
    assert list(broken(page)) == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_file_that_is_named_exists(page):
    named = NAMED.findall(text_of(page))
    assert [path for path in named if not exists(path)] == []


def test_what_is_quoted_stands_in_the_code():
    quoted = 0
    for page in PAGES:
        for block in blocks(page, "python"):
            path, _newline, code = block.partition("\n")
            if not path.startswith("# ") or not path.endswith(".py"):
                continue
            source = (ROOT / path[2:]).read_text(encoding="utf-8")
            for part in code.split("…\n"):
                assert part.rstrip() in source, f"{name_of(page)} quotes {path[2:]} as it was"
            quoted += 1
    assert quoted >= 5


def test_the_diagram_of_cases_is_the_table_of_the_rules():
    """If it is not: `python docs/state_diagram.py` prints the new one."""
    spec = importlib.util.spec_from_file_location("state_diagram", DOCS / "state_diagram.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    assert blocks(DOCS / "cases.md", "mermaid") == [module.diagram() + "\n"]


@pytest.mark.parametrize("page", READMES, ids=name_of)
def test_the_tree_names_the_folders_there_are(page):
    (tree,) = blocks(page, "")
    named = {line.split()[0] for line in tree.splitlines()}
    areas = {f"{name_of(path.parent)}/" for path in ROOT.glob("shanzhi/*/apps.py")}

    assert [folder for folder in named if not (ROOT / folder).is_dir()] == []
    assert areas - named == set()


def test_the_index_names_every_page():
    linked = {
        (DOCS / "".join(found)).resolve() for found in LINK.findall(text_of(DOCS / "README.md"))
    }
    pages = {*DOCS.glob("*.md"), *DECISIONS} - {DOCS / "README.md"}
    assert sorted(name_of(path) for path in pages - linked) == []


@pytest.mark.parametrize("page", DECISIONS, ids=name_of)
def test_a_decision_is_short_and_has_its_three_parts(page):
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {int(page.name[:4])}. ")
    assert text.count("\n") < 40
    assert [
        part for part in ("Context", "Decision", "Consequences") if f"**{part}.**" not in text
    ] == []


def test_decisions_are_numbered_without_gaps():
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_licence_and_version_are_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    catalogue = (ROOT / "publiccode.yml").read_text(encoding="utf-8")

    assert (package["license"], package["version"]) == (project["license"], project["version"])
    assert f"license: {project['license']}\n" in catalogue
    assert f"## [{project['version']}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in (ROOT / "LICENSE").read_text(encoding="utf-8")
