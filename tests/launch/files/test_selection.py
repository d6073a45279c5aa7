"""What goes along with a notebook: its folder, without secrets, junk and surprises."""

from __future__ import annotations

import json
import os
import socket
import tempfile
from pathlib import Path

import pytest

from smext.launch.files.selection import FileSet, scan
from smext.launch.files.sizes import size
from smext.launch.limits import MB, Limits
from smext.runs.notebook_copy import copy_of

GB = 1024 * MB


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    made.mkdir()
    return made


def write(folder: Path, *names: str, size: int = 3) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * size)


def paths(found: FileSet) -> list[str]:
    return [each.path for each in found.files]


def reasons(found: FileSet) -> dict[str, str]:
    return {each.path: each.why for each in found.left_out}


def test_files_near_the_notebook_come_first(folder: Path) -> None:
    write(folder, "b.csv", "a/deep/x.py", "a/y.py", "z.txt", "nb.ipynb", "ein name mit ü.txt")
    found = scan(folder, "nb.ipynb", Limits())
    assert paths(found) == ["b.csv", "ein name mit ü.txt", "z.txt", "a/y.py", "a/deep/x.py"]
    assert found.bytes == 15
    assert found.complete


@pytest.mark.parametrize(
    "name",
    [".env", ".env.local", "server.pem", "id_rsa", "credentials", "credentials.json", "my-service-account-1.json",
     ".aws/config", ".netrc", "kaggle.json", "secrets.toml", "KEY.PEM", "rootkey.csv", "rootkey-Copy1.csv", "rootkey (1).csv",
     "new_user_credentials.csv", "bob_accessKeys.csv", "kubeconfig", ".Renviron", "prod-kubeconfig.yaml", "putty.ppk", "key.asc", "token.txt",
     "hf_token", "token.json", "secret.txt", "secrets.yaml", "db-password.txt", "passwords.csv", "terraform.tfstate",
     "terraform.tfstate.backup", "prod.tfvars", "client_secret_12.json", "id_ed25519", ".npmrc", ".git-credentials", "prod.env",
     "vault.kdbx", ".htpasswd", "api_key.txt", "google-key.json", "access_tokens.json", "credentials.old", "store.p12"],
)  # fmt: skip
def test_secrets_stay_and_are_named(folder: Path, name: str) -> None:
    write(folder, name, "data.csv")
    found = scan(folder, "nb.ipynb", Limits())
    assert paths(found) == ["data.csv"]
    assert reasons(found) == {name.split("/")[0]: "looks like a secret"}


@pytest.mark.parametrize(
    "name",
    ["tokenizer.json", "test_credentials.py", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "tokens.txt", "token_counts.csv",
     "secret_santa.ipynb", "secretary.csv", "keyboard.csv", "keys.csv", "keypoints.json", "monkey.json", "foreign_key.csv",
     "credit.csv", "credential_stuffing.csv", "rotate_secrets.py", "environment.yml", "passwordless.md", "shadow.png",
     "config.json", "settings.yaml"],
)  # fmt: skip
def test_ordinary_files_are_no_secrets(folder: Path, name: str) -> None:
    write(folder, name)
    found = scan(folder, "nb.ipynb", Limits())
    assert paths(found) == [name]
    assert found.left_out == []


@pytest.mark.parametrize("name", ["tokens.txt", "config.ini", "settings.json", "auth.json"])
def test_a_name_that_can_mean_either_is_decided_by_what_is_in_it(folder: Path, name: str) -> None:
    (folder / name).write_text('{"user": "x", "key": "AKIA' + "ABCDEFGHIJKLMNOP" + '"}')
    assert reasons(scan(folder, "nb.ipynb", Limits())) == {name: "looks like a secret"}


def test_another_name_of_a_file_that_stays_does_not_go_along(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    write(home, ".aws/credentials")
    monkeypatch.setenv("HOME", str(home))
    write(folder, ".env", ".hidden/deep/x", "data.csv", "plain.txt")
    os.link(folder / ".env", folder / "notes.txt")
    os.link(folder / ".hidden" / "deep" / "x", folder / "hidden.txt")
    os.link(home / ".aws" / "credentials", folder / "settings.txt")
    os.link(folder / "data.csv", folder / "same.csv")
    found = scan(folder, "nb.ipynb", Limits())
    assert paths(found) == ["data.csv", "plain.txt", "same.csv"]
    assert found.bytes == 9
    why = "a hard link to what looks like a secret"
    assert {path for path, each in reasons(found).items() if each == why} == {
        "hidden.txt",
        "notes.txt",
        "settings.txt",
    }


def test_copies_of_runs_notebooks_stay_unless_somebody_made_them_their_own(folder: Path) -> None:
    job = "churn-1201-0945-x7k2q"
    cell = {"cell_type": "code", "source": "1", "outputs": [], "metadata": {}}
    copy, _ = copy_of({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}, job)
    changed = {**copy, "cells": [{**cell, "source": "2"}]}
    big = {**copy, "metadata": {**copy["metadata"], "filler": "x" * 200_000}}
    other = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    for name, content in [
        (job, copy),
        (f"{job} (2)", copy),
        (f"{job} (3)", changed),
        (f"{job} (4)", big),
        ("mine", copy),
        ("other", other),
    ]:
        (folder / f"{name}.ipynb").write_text(json.dumps(content))
    found = scan(folder, "nb.ipynb", Limits())
    assert paths(found) == [f"{job} (3).ipynb", "mine.ipynb", "other.ipynb"]
    assert set(reasons(found).values()) == {"a copy of a run's notebook"}


@pytest.mark.parametrize(
    "name",
    [
        "__pycache__/a.pyc",
        ".ipynb_checkpoints/nb.ipynb",
        "a.pyc",
        ".git/HEAD",
        "node_modules/x/y.js",
        ".venv/z",
    ],
)
def test_junk_stays_without_a_word(folder: Path, name: str) -> None:
    write(folder, name, "data.csv")
    found = scan(folder, "nb.ipynb", Limits())
    assert paths(found) == ["data.csv"]
    assert found.left_out == []


def test_hidden_files_and_environments_stay(folder: Path) -> None:
    write(folder, ".config/x", ".hidden", "env/pyvenv.cfg", "env/lib/big.so", "data.csv")
    found = scan(folder, "nb.ipynb", Limits())
    assert paths(found) == ["data.csv"]
    assert reasons(found) == {".config": "hidden", ".hidden": "hidden", "env": "a virtual environment"}


def test_links_only_inside(folder: Path, tmp_path: Path) -> None:
    write(folder, "data.csv", "sub/x", ".env")
    write(tmp_path, "outside.txt")
    for name, target in [
        ("inside", folder / "data.csv"),
        ("out", tmp_path / "outside.txt"),
        ("up", tmp_path),
        ("loop", folder),
        ("dir", folder / "sub"),
        ("dead", folder / "nothing"),
        ("sly", folder / ".env"),
    ]:
        (folder / name).symlink_to(target)
    found = scan(folder, "nb.ipynb", Limits())
    assert paths(found) == ["data.csv", "inside", "sub/x"]
    assert set(reasons(found)) == {"out", "up", "loop", "dir", "dead", "sly", ".env"}
    assert reasons(found)["out"] == reasons(found)["up"] == "a link out of the folder"


def test_sockets_and_pipes_stay() -> None:
    # The path of a socket may not be long.
    with tempfile.TemporaryDirectory() as place, socket.socket(socket.AF_UNIX) as server:
        folder = Path(place)
        server.bind(str(folder / "s"))
        os.mkfifo(folder / "p")
        found = scan(folder, "nb.ipynb", Limits())
    assert reasons(found) == {"s": "neither a file nor a folder", "p": "neither a file nor a folder"}


def test_a_large_file_is_one_like_any_other(folder: Path) -> None:
    write(folder, "a")
    with (folder / "b").open("wb") as file:
        file.truncate(5 * GB)
    found = scan(folder, "nb.ipynb", Limits(max_files=1, max_files_bytes=MB))
    assert paths(found) == ["a", "b"]
    assert found.bytes == 5 * GB + 3


def test_looking_ends_in_a_huge_folder(folder: Path) -> None:
    for index in range(300):
        (folder / f"d{index}").mkdir()
    write(folder, *(f"d{index}/x" for index in range(300)))
    found = scan(folder, "nb.ipynb", Limits(max_entries=350))
    assert not found.complete
    assert 0 < len(found.files) < 60


def test_what_is_left_out_is_listed_in_bounds(folder: Path) -> None:
    write(folder, *(f".h{index}" for index in range(300)))
    found = scan(folder, "nb.ipynb", Limits())
    assert len(found.left_out) == 101
    assert found.left_out[-1].why == "and more"


def test_a_folder_that_is_gone_is_empty(folder: Path) -> None:
    found = scan(folder / "gone", "nb.ipynb", Limits())
    assert found.files == []
    assert "cannot be read" in found.left_out[0].why


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (4200, "4.2 kB"),
        (20 * 1024**2, "20 MB"),
        (999 * MB, "999 MB"),
        (5 * GB, "5.1 GB"),
    ],
)
def test_a_size_is_said_in_the_unit_that_fits(count: int, text: str) -> None:
    assert size(count) == text
