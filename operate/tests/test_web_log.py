"""The web server's log holds what an operator should read, and nothing else."""

import inspect
import io
import json
import logging
from pathlib import Path

import pytest
from granian import log
from granian.server import mp

from operate import supervisor


@pytest.fixture
def written():
    command = supervisor.web_command("127.0.0.1", 8000, 1)
    path = Path(command[command.index("--log-config") + 1])
    log.configure_logging(log.LogLevels.warning, json.loads(path.read_text()))
    [handler] = log.logger.handlers
    handler.stream = io.StringIO()

    def write(sentence: str) -> str:
        logging.getLogger("_granian").warning(sentence)
        return handler.stream.getvalue()

    yield write
    log.logger.handlers.clear()
    log.logger.filters.clear()


def test_threads_that_are_meant_are_no_warning(written):
    assert "Python threads" in inspect.getsource(mp)  # granian still says it in these words
    assert written("Configuration allows spawning up to 16 Python threads, which seems") == ""


def test_other_warnings_are_written(written):
    assert "[WARNING] Unexpected exit" in written("Unexpected exit of worker-1")
