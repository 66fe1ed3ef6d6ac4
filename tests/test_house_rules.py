"""The style rules a machine can hold; what to do instead is in docs/style.md."""

import ast
import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHANZHI = ROOT / "shanzhi"
WRITES = {"save", "create", "delete", "bulk_create", "bulk_update", "get_or_create"}
WRITES |= {"update_or_create"}
# Modules that write inside the commands of others, and say so in their first lines.
HELPERS = {
    "shanzhi/files/pictures.py",  # saves a picture, not a row
    "shanzhi/kernel/qr.py",
    "shanzhi/kernel/sheets.py",  # saves a workbook
    "shanzhi/work/duties.py",
    "shanzhi/burden/succession.py",
    "shanzhi/cases/steps.py",
    "shanzhi/gate/ending.py",
    "shanzhi/gate/steps.py",
    "shanzhi/registry/steps.py",
    "shanzhi/registry/moving.py",
    "shanzhi/registry/restating.py",
    "shanzhi/registry/versions.py",
    "shanzhi/shell/demo/history.py",
}
# Counters and copies of what is known elsewhere: not facts, so no journal entry.
UNTOLD = {
    "shanzhi/cases/commands/drafts.py:keep_replay",
    "shanzhi/effort/commands/answering.py:answer",  # a line would say whose it is
    "shanzhi/effort/commands/answering.py:expire",
    "shanzhi/effort/commands/answering.py:skip",
    "shanzhi/people/commands/counting.py:count_attempt",
    "shanzhi/people/commands/counting.py:forget_attempts",
    "shanzhi/people/commands/counting.py:sweep",
    "shanzhi/people/commands/keys.py:mark_key_used",
    "shanzhi/people/commands/notices.py:keep_notices",
    "shanzhi/people/commands/notices.py:mark_seen",
    "shanzhi/people/commands/notices.py:read_notices",
    "shanzhi/people/commands/phones.py:ask_code",
    "shanzhi/people/commands/phones.py:keep_sent_code",
    "shanzhi/people/commands/phones.py:prove_code",
    "shanzhi/people/commands/phones.py:use_code",
    "shanzhi/people/commands/requests.py:take_requests",
    "shanzhi/registry/commands/reading.py:look_up_by_grant",  # in the read log
    "shanzhi/registry/commands/reading.py:read_by_grant",
}
SOURCES = {
    path: ast.parse(path.read_text(encoding="utf-8"))
    for folder in ("shanzhi", "operate", "config", "bench")
    for path in (ROOT / folder).rglob("*.py")
    if not {"migrations", "tests"} & set(path.parts)
}


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def is_commands(path):
    return path.name == "commands.py" or path.parent.name == "commands"


def commands():
    for path, tree in SOURCES.items():
        if is_commands(path) and SHANZHI / "journal" not in path.parents:
            for node in tree.body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    keywords = {each.arg for each in node.args.kwonlyargs}
                    if {"by", "at"} & keywords:
                        yield path, node


def test_there_are_commands():
    assert len(list(commands())) > 60


def area_of(path):
    return path.parent.parent if path.parent.name == "commands" else path.parent


def records(path, command):
    """Does it call `record`, itself or through another function of its area?"""
    functions = {
        node.name: node
        for other, tree in SOURCES.items()
        if area_of(other) == area_of(path)
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
    seen, waiting = set(), [command]
    while waiting:
        called = {
            ast.unparse(node.func).rpartition(".")[2]
            for node in ast.walk(waiting.pop())
            if isinstance(node, ast.Call)
        }
        if {"record", "sql_insert"} & called:
            return True
        waiting += [functions[name] for name in called - seen if name in functions]
        seen |= called
    return False


def faults(path, command):
    keywords = {each.arg: each.annotation for each in command.args.kwonlyargs}
    text = ast.unparse(command)
    if "transaction.atomic" not in [ast.unparse(each) for each in command.decorator_list]:
        yield "is not atomic"
    if command.args.args:
        yield "takes positional arguments"
    if not {"by", "at"} <= set(keywords):
        yield "is not told who and when"
    if not all(keywords.values()) or not command.returns:
        yield "is not annotated"
    if not records(path, command) and f"{name_of(path)}:{command.name}" not in UNTOLD:
        yield "does not write the journal"
    if "timezone.now(" in text or "datetime.now(" in text:
        yield "reads the clock"


def test_a_command_is_atomic_keyword_only_told_who_and_when_and_writes_the_journal():
    found = [
        f"{name_of(path)}:{command.name} {fault}"
        for path, command in commands()
        for fault in faults(path, command)
    ]
    assert found == []


def test_only_commands_write():
    writers = {
        name_of(path)
        for path, tree in SOURCES.items()
        if SHANZHI in path.parents and not is_commands(path)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES
    }
    assert writers - HELPERS == set()


def test_the_clock_is_read_at_the_edge():
    edge = {
        "views", "views.py", "tasks", "tasks.py", "api", "api.py", "demo", "middleware.py",
        "context.py", "adapters.py", "sessions.py", "limits.py", "senders.py",
    }  # fmt: skip
    readers = {
        name_of(path)
        for path, tree in SOURCES.items()
        if SHANZHI in path.parents and not edge & {*path.parts, path.name}
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "timezone.now"
    }
    assert readers == set()


@pytest.mark.parametrize("limit", [400])
def test_files_stay_small(limit):
    sizes = {name_of(path): path.read_text(encoding="utf-8").count("\n") for path in SOURCES}
    assert {name: size for name, size in sizes.items() if size > limit} == {}


def test_functions_stay_small():
    too_long = [
        f"{name_of(path)}:{node.name}"
        for path, tree in SOURCES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= 40
    ]
    assert too_long == []


def test_nobody_uses_signals_or_puts_logic_into_save():
    for path, tree in SOURCES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and SHANZHI in path.parents:
                assert node.module != "django.db.models.signals", name_of(path)
            if isinstance(node, ast.ClassDef) and "Model" in ast.unparse(node):
                methods = {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
                assert not methods & {"save", "delete"}, f"{name_of(path)}:{node.name}"


EXAMPLES = sorted(path for path in SOURCES if ">>> " in path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_examples_hold(path):
    """What a docstring shows is what comes out."""
    module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    failed, tried = doctest.testmod(module)
    assert tried and not failed


def test_nothing_is_left_for_later():
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        for word in ("TO" + "DO", "FIX" + "ME", "XXX"):
            assert word not in text, f"{name_of(path)} says {word}"


def test_no_registry_and_no_local_path_is_named():
    hosts = ("pypi" + ".org", "npmjs" + ".org", "pythonhosted" + ".org", "/work" + "/main")
    for path in ROOT.rglob("*"):
        if path.suffix not in {".py", ".toml", ".lock", ".json", ".md", ".txt", ".yml"}:
            continue
        if {".venv", "node_modules", "var", ".git"} & set(path.parts):
            continue
        text = path.read_text(encoding="utf-8")
        assert not [host for host in hosts if host in text], name_of(path)
