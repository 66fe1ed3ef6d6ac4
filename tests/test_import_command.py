"""`shanzhi import`: what it says and with what it ends, as real processes on a database of their
own.
"""

import subprocess
import sys

import pytest

from operate.environment import ROOT
from shanzhi.registry.tests import imports_factories as shapes

from . import import_steps as steps
from .test_import_faults import a_town

pytestmark = [pytest.mark.slow]
PLACE = "320411002018"
PERSONS = "select count(*) from registry_person"


@pytest.fixture(scope="module")
def town(tmp_path_factory, worker_id):
    with a_town(tmp_path_factory.mktemp("command"), worker_id, "command") as town:
        yield town


@pytest.fixture
def bring_in(town):
    """(exit code, all it said) of the command for a file of this content."""

    def run(content, *words, name="ledger.csv"):
        path = town.home / name
        if content is not None:
            path.write_bytes(content)
        given = (town.name, str(town.home), ["import", str(path), *words])
        process = steps.forked.Process(target=steps.command, args=given)
        process.start()
        process.join(120)
        said = (town.home / "said").read_text()
        assert "Traceback" not in said
        return process.exitcode, said

    return run


def test_as_somebody_calls_it(town):
    """From a shell, with settings of its own; others are forked, which spares loading Django."""
    path = town.home / "called.csv"
    path.write_bytes(shapes.plain(shapes.families(1)))
    command = [sys.executable, "-m", "operate.cli", "import", str(path), "--place", PLACE,
               "--check"]  # fmt: skip
    done = subprocess.run(command, env=town.env, cwd=ROOT, capture_output=True, text=True,
                          timeout=120)  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 new" in done.stdout


def test_a_good_file_is_brought_in_and_again_changes_nothing(town, bring_in):
    content = shapes.plain(shapes.families(5))
    code, said = bring_in(content, "--place", PLACE, "--check")
    assert (code, town.ask(PERSONS)) == (0, (0,))
    assert "15 new" in said

    code, said = bring_in(content, "--place", PLACE)
    assert (code, town.ask(PERSONS)) == (0, (15,))
    assert "15 persons were written." in said
    assert "Kept aside" in said

    code, said = bring_in(content, "--place", PLACE)
    assert (code, town.ask(PERSONS)) == (1, (15,))
    assert "没有可以" in said or "nothing in this file" in said or "没有可" in said


def test_gb_18030_is_read_and_rows_left_out_are_written(town, bring_in):
    people = shapes.families(2, first=100)
    rows = shapes.rows(people)
    rows[0][shapes.TITLES.index("公民身份号码")] = "32049919900101001X"
    out = town.home / "out.csv"
    content = shapes.as_csv([shapes.TITLES, *rows], encoding="gb18030")
    before = town.ask(PERSONS)[0]
    code, said = bring_in(content, "--place", PLACE, "--left-out", str(out))
    assert (code, town.ask(PERSONS)[0]) == (0, before + 5)
    assert "5 new" in said
    assert "1 refused" in said
    assert out.read_text(encoding="utf-8-sig").count("32049919900101001X") == 1


@pytest.mark.parametrize(
    ("name", "content"),
    {
        "empty.csv": b"",
        "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "paper.csv": b"%PDF-1.7 " + bytes(100),
        "encoding.csv": "姓名,身份证号\n王示例,1\n".encode() + b"\xff\xff\xfe\x81\xff\n",
        "broken.xlsx": b"PK\x03\x04" + bytes(200),
        "nothing.csv": b"a,b\n1,2\n",
    }.items(),
)
def test_a_bad_file_is_one_sentence_and_exit_1(town, bring_in, name, content):
    before = town.ask(PERSONS)
    code, said = bring_in(content, "--place", PLACE, name=name)
    assert (code, town.ask(PERSONS)) == (1, before)
    assert said.strip()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--source", "nobody"), "There is no source 'nobody'; there are community"),
        (("--map", "备注"), "--map is title=element"),
        (("--map", "备注=person.shoe"), "There is no element 'person.shoe'."),
        (("--decision", "guess"), "--decision is fill, keep or take."),
    ],
)
def test_a_wrong_word_says_which_are_right(bring_in, words, sentence):
    code, said = bring_in(shapes.plain(shapes.families(1)), "--place", PLACE, *words)
    assert code == 1
    assert sentence in said


def test_a_file_that_is_not_there(bring_in):
    code, said = bring_in(None, name="nowhere.csv")
    assert code == 2
    assert "does not exist" in said
