"""`smext doctor` of installations that are broken in many ways says what a real JupyterLab then does."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smext.diagnostics import jupyter_install, other_pythons
from tests.diagnostics.installs import (
    BROKEN,
    HIDDEN,
    MISSING,
    OFF,
    ON,
    SHOWN,
    Install,
    Page,
    enabled,
    get,
    running,
    truth,
)
from tests.diagnostics.installs import PANEL as FRONTEND

# --- the installations: what is done to a good one, and what is then true ---

Break = Callable[[Install], None]
ENV, USER = "env/etc/jupyter", "home/.jupyter"


def off(*names: str, value: bool = True, switch: str = "disabledExtensions") -> dict[str, Any]:
    return {switch: dict.fromkeys(names, value)}


def nothing(install: Install) -> None:
    """Leave the installation whole."""


def json_of_the_user(install: Install) -> None:
    install.write(f"{USER}/jupyter_server_config.json", OFF)
    install.variables["JUPYTER_PREFER_ENV_PATH"] = "0"


def json_of_the_user_below_the_environment(install: Install) -> None:
    install.write(f"{USER}/jupyter_server_config.d/smext.json", OFF)
    install.variables["JUPYTER_PREFER_ENV_PATH"] = "1"


def root_file_over_folder(install: Install) -> None:
    install.write(f"{ENV}/jupyter_server_config.json", OFF)


def root_file_of_a_lower_level(install: Install) -> None:
    # Read with the rest of the settings, in which a level replaces the dict; the folders only fill in.
    install.write(f"{ENV}/jupyter_server_config.json", ON)
    install.write(f"{USER}/jupyter_server_config.json", enabled("jupyterlab"))
    install.variables["JUPYTER_PREFER_ENV_PATH"] = "0"


def last_file_of_a_folder(install: Install) -> None:
    install.write(f"{ENV}/jupyter_server_config.d/zzz.json", OFF)


def explicit_path(install: Install) -> None:
    install.write("site/jupyter_server_config.d/all.json", OFF)
    install.variables["JUPYTER_CONFIG_PATH"] = str(install.folder / "site")


def python_file(install: Install) -> None:
    install.write(f"{ENV}/jupyter_server_config.py", 'c.ServerApp.jpserver_extensions = {"smext": False}')


def python_file_of_something_else(install: Install) -> None:
    install.write(f"{ENV}/jupyter_server_config.py", "c.ServerApp.jpserver_extensions = {'jupyterlab': True}")


def python_file_over_json(install: Install) -> None:
    install.write(f"{ENV}/jupyter_server_config.d/smext.json", OFF)
    install.write(f"{ENV}/jupyter_server_config.py", 'c.ServerApp.jpserver_extensions = {"smext": True}')


def lab_file_too_late(install: Install) -> None:
    # JupyterLab's own file is read when the extensions are already chosen.
    install.write(f"{ENV}/jupyter_lab_config.py", 'c.ServerApp.jpserver_extensions = {"smext": False}')


def broken_json(install: Install) -> None:
    install.write(f"{ENV}/jupyter_server_config.d/smext.json", '{"ServerApp": ')


def no_server_file(install: Install) -> None:
    (install.folder / ENV / "jupyter_server_config.d" / "smext.json").unlink()


def package_cannot_be_imported(install: Install) -> None:
    (install.site / "smext").unlink()
    install.write(
        str((install.site / "smext" / "__init__.py").relative_to(install.folder)), "import not_there"
    )


def package_is_gone(install: Install) -> None:
    (install.site / "smext").unlink()
    (install.site / "smext-0.1.0.dist-info" / "METADATA").unlink()
    (install.site / "smext-0.1.0.dist-info").rmdir()


def switch_set_to_false(install: Install) -> None:
    install.write(f"{ENV}/labconfig/page_config.json", off("smext", value=False))


def page_of_the_environment(install: Install) -> None:
    install.write(f"{ENV}/labconfig/page_config.json", off("smext"))


def page_of_the_user(install: Install) -> None:
    install.write(f"{USER}/labconfig/page_config.json", off("smext"))


def page_in_a_folder(install: Install) -> None:
    install.write(f"{ENV}/labconfig/page_config.d/site.json", off("smext"))


def page_switched_on_again_above(install: Install) -> None:
    install.write(f"{USER}/labconfig/page_config.json", off("smext"))
    install.write(f"{ENV}/labconfig/page_config.json", off("smext", value=False))
    install.variables["JUPYTER_PREFER_ENV_PATH"] = "1"


def page_of_the_application(install: Install) -> None:
    lab = install.env / "share" / "jupyter" / "lab"
    built = lab.resolve()
    lab.unlink()
    lab.mkdir()
    for part in ("static", "themes", "schemas"):
        (lab / part).symlink_to(built / part)
    install.write("env/share/jupyter/lab/settings/page_config.json", {"disabledExtensions": ["smext"]})


def page_with_a_list(install: Install) -> None:
    install.write(f"{ENV}/labconfig/page_config.json", {"disabledExtensions": ["smext"]})


def page_defers(install: Install) -> None:
    install.write(f"{ENV}/labconfig/page_config.json", off("smext", switch="deferredExtensions"))


def one_plugin(install: Install) -> None:
    install.write(f"{ENV}/labconfig/page_config.json", off("smext:launch"))


def vital_plugin(install: Install) -> None:
    install.write(f"{ENV}/labconfig/page_config.json", off("smext:panel"))


def panel_is_gone(install: Install) -> None:
    (install.env / "share" / "jupyter" / "labextensions" / "smext").unlink()


def panel_without_files(install: Install) -> None:
    install.own_panel()


def other_extension_switches_off(install: Install) -> None:
    body = {"name": "rival", "version": "1.0.0", "jupyterlab": {"_build": {"load": "x.js"}}}
    body["jupyterlab"]["disabledExtensions"] = ["smext"]  # type: ignore[index]
    install.write("env/share/jupyter/labextensions/rival/package.json", body)


def core_mode(install: Install) -> None:
    install.write(f"{ENV}/jupyter_lab_config.py", "c.LabApp.core_mode = True")


#: What is done to the server half, whether it then works, and what doctor says.
SERVER: list[tuple[Break, bool, str]] = [
    (nothing, True, ""),
    (json_of_the_user, False, "disabled by {home}/.jupyter/jupyter_server_config.json"),
    (json_of_the_user_below_the_environment, True, ""),
    (root_file_over_folder, False, "disabled by {env}/etc/jupyter/jupyter_server_config.json"),
    (root_file_of_a_lower_level, True, ""),
    (last_file_of_a_folder, False, "disabled by {env}/etc/jupyter/jupyter_server_config.d/zzz.json"),
    (explicit_path, False, "disabled by {site}/jupyter_server_config.d/all.json"),
    (python_file, False, "disabled by {env}/etc/jupyter/jupyter_server_config.py"),
    (python_file_of_something_else, True, ""),
    (python_file_over_json, True, ""),
    (lab_file_too_late, True, ""),
    (broken_json, False, "no configuration enables the server extension"),
    (no_server_file, False, "no configuration enables the server extension"),
    (package_cannot_be_imported, False, "smext cannot be loaded"),
    (package_is_gone, False, "smext is not installed for this Python"),
]
#: What is done to the panel, what is then true, and what doctor says.
PANEL: list[tuple[Break, Page, str]] = [
    (nothing, SHOWN, ""),
    (switch_set_to_false, SHOWN, ""),
    (page_of_the_environment, HIDDEN, "disabled by {env}/etc/jupyter/labconfig/page_config.json"),
    (page_of_the_user, HIDDEN, "disabled by {home}/.jupyter/labconfig/page_config.json"),
    (page_in_a_folder, HIDDEN, "disabled by {env}/etc/jupyter/labconfig/page_config.d/site.json"),
    (page_switched_on_again_above, SHOWN, ""),
    (page_of_the_application, HIDDEN, "disabled by {env}/share/jupyter/lab/settings/page_config.json"),
    (page_with_a_list, BROKEN, "JupyterLab cannot read its page configuration"),
    (page_defers, HIDDEN, "deferred by {env}/etc/jupyter/labconfig/page_config.json"),
    (one_plugin, Page(True, frozenset({"smext:launch"})), "the plugin smext:launch is disabled"),
    (vital_plugin, Page(True, frozenset({"smext:panel"})), "the plugin smext:panel is disabled"),
    (panel_is_gone, MISSING, "JupyterLab has no panel of smext"),
    (panel_without_files, MISSING, "the panel is incomplete"),
    (
        other_extension_switches_off,
        HIDDEN,
        "disabled by {env}/share/jupyter/labextensions/rival/package.json",
    ),
    (core_mode, MISSING, "core mode"),
]


@pytest.fixture
def install(tmp_path: Path) -> Install:
    made = Install(tmp_path)
    made.put_smext()
    return made


@pytest.mark.parametrize(
    ("server", "panel"), list(zip(SERVER, PANEL, strict=True)), ids=lambda case: case[0].__name__
)
def test_the_verdict_is_what_a_real_jupyterlab_does(
    install: Install, server: tuple[Break, bool, str], panel: tuple[Break, Page, str]
) -> None:
    """The two halves do not know each other: one server has a broken installation of each."""
    for harm, _, _ in (server, panel):
        harm(install)
    assert truth(install) == (server[1], panel[1])
    places = {"home": install.folder / "home", "env": install.env, "site": install.folder / "site"}
    said = [text.format(**places) for text in (server[2], panel[2]) if text]
    wrong = [finding for finding in install.verdict() if finding.status != "ok"]
    if server[0] in (package_cannot_be_imported, package_is_gone):
        # The setting is as it should be; what it names is not there.
        assert said[0] in wrong[0].text
    assert len(wrong) == len(said)
    for text, finding in zip(said, wrong, strict=True):
        assert text in finding.text
        assert finding.advice
        assert finding.status == ("warning" if "smext:launch" in text else "bad")


def test_what_is_advised_makes_the_server_half_work(install: Install) -> None:
    no_server_file(install)
    [finding] = [finding for finding in install.verdict() if finding.status == "bad"]
    assert "The panel opens, but stays empty." in finding.text
    told = re.search(r"write (.*) to (\S+)$", finding.advice)
    assert told
    install.write(str(Path(told.group(2)).relative_to(install.folder)), told.group(1))
    assert all(finding.status == "ok" for finding in install.verdict())


def test_a_switch_for_no_configuration_is_named(install: Install) -> None:
    install.variables["JUPYTER_NO_CONFIG"] = "1"
    [finding] = [finding for finding in install.verdict() if finding.status == "bad"]
    assert "JUPYTER_NO_CONFIG" in finding.advice


def test_an_installation_for_one_user_is_whole_though_jupyters_list_lacks_it(tmp_path: Path) -> None:
    install = Install(tmp_path)
    config = install.env / "pyvenv.cfg"
    config.write_text(
        config.read_text().replace(
            "include-system-site-packages = false", "include-system-site-packages = true"
        )
    )
    user = Path(sysconfig.get_path("purelib", "posix_user", {"userbase": str(tmp_path / "home" / ".local")}))
    install.put_smext("home/.local", site=user)
    found = install.verdict()
    assert [finding.text for finding in found if finding.status != "ok"] == []
    [told] = [finding for finding in found if "for this user only" in finding.text]
    assert "`jupyter server extension list` does not list it" in told.advice
    listed = subprocess.run(
        [install.python, "-m", "jupyter_server.extension.serverextension", "list"],
        env=install.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "smext" not in listed.stdout + listed.stderr
    # Without the user's packages, as a service may start it, there is nothing.
    install.variables["PYTHONNOUSERSITE"] = "1"
    assert "smext is not installed for this Python" in [finding.text for finding in install.verdict()]


def test_a_panel_of_another_version_is_said(install: Install) -> None:
    file = install.own_panel()
    file.write_text(json.dumps({**json.loads(file.read_text()), "version": "0.0.1"}))
    (file.parent / "static").symlink_to(FRONTEND / "static")
    [finding] = [finding for finding in install.verdict() if finding.status != "ok"]
    assert finding.status == "warning"
    assert finding.text.startswith("panel 0.0.1 and server ")


def test_a_python_without_jupyter_is_told_what_to_do(tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", with_pip=False, symlinks=True)
    python = str(tmp_path / "bare" / "bin" / "python")
    found = list(jupyter_install.examine(jupyter_install.probe(python, {"PATH": os.environ["PATH"]})))
    assert [finding.text for finding in found if finding.status == "bad"] == [
        "smext is not installed for this Python",
        "Jupyter Server is not installed for this Python",
        "JupyterLab is not installed for this Python",
    ]


def test_what_is_no_python_is_said(tmp_path: Path) -> None:
    [finding] = jupyter_install.examine(jupyter_install.probe(str(tmp_path / "nothing")))
    assert finding.status == "bad"


def test_another_jupyterlab_on_the_path_and_a_running_one_are_said_with_the_way_to_examine_them(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel_is_gone(install)
    no_server_file(install)
    script = install.write("env/bin/jupyter-lab", f"#!{install.python}\nimport jupyterlab\n")
    script.chmod(0o755)
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(install.folder / "runtime"))
    with running(install) as url:
        found = list(other_pythons.examine(sys.executable, {"PATH": str(script.parent)}))
        [server] = other_pythons.running_servers()
        answers = other_pythons.of_server(server, install.python)
    assert [finding.status for finding in found] == ["warning", "warning"]
    assert found[0].text == f"`jupyter lab` starts {script}, which is another Python: {install.python}"
    assert found[0].advice == f"To examine that one: {install.python} -m smext doctor"
    assert server.url == url
    assert f"Python {install.python}) has not loaded smext" in found[1].text
    assert found[1].advice == f"If you open that one: {install.python} -m smext doctor"
    assert "restart it" in answers.advice
    (install.site / "smext").unlink()
    assert "-m pip install smext (it has none)" in other_pythons.how_to_examine(install.python)


def test_a_server_that_has_loaded_smext_is_said(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(install.folder / "runtime"))
    with running(install) as url:
        get(f"{url}smext/kinds")  # the first answer takes longer
        [finding] = other_pythons.examine(install.python, {"PATH": str(install.env / "bin")})
    assert finding.status == "ok"
    assert url in finding.text


def test_a_script_names_its_python_also_where_its_path_is_long(tmp_path: Path) -> None:
    script = tmp_path / "jupyter-lab"
    for first, python in {
        "#!/opt/conda/bin/python3.11": "/opt/conda/bin/python3.11",
        '#!/bin/sh\n\'\'\'exec\' "/long way/bin/python" "$0" "$@"': "/long way/bin/python",
        "#!/bin/bash": None,
        "": None,
    }.items():
        script.write_text(first + "\n")
        assert other_pythons.interpreter_of(script) == python
