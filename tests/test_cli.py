"""`smext` as a program: its help, and a reader of its output that goes away."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

from smext import cli, commands

COMMANDS = sorted(each.name for each in pkgutil.iter_modules(commands.__path__))


@pytest.mark.parametrize("arguments", [["policy"], ["--help"], ["run", "--help"], ["ls", "--help"]])
def test_a_reader_that_has_gone_is_no_error(arguments: list[str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "smext", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        # argparse says nothing of a help text that nobody takes.
        assert process.wait(60) in ((141,) if arguments == ["policy"] else (0, 141))


def test_the_page_of_the_command_line_has_each_command_with_its_help() -> None:
    text = (Path(__file__).resolve().parents[1] / "docs" / "command-line.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.split("|")[1:3]]
        for line in text.splitlines()
        if line.startswith("| `")
    ]
    helps = {name: importlib.import_module(f"smext.commands.{name}").HELP for name in COMMANDS}
    assert {name.strip("`"): told for name, told in rows} == helps


def test_the_help_has_a_line_for_each_command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    lines = capsys.readouterr().out.splitlines()
    for name in COMMANDS:
        [line] = [line for line in lines if line.split()[:1] == [name]]
        text = line.split(None, 1)[1]
        assert text[0].isupper()
        assert text.endswith(".")
