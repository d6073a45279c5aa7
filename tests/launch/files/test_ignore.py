"""Rules that leave files out follow git's: git itself is asked, where it is there."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from smext.launch.files.ignore import Chain, Rules, above


def ignored(rules: str, path: str, is_folder: bool = False) -> bool:
    return bool(Rules("/top", rules.splitlines()).verdict(f"/top/{path}", is_folder))


@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        ("*.csv", "a.csv", True),
        ("*.csv", "deep/er/a.csv", True),
        ("*.csv", "a.csv.gz", False),
        ("/a.csv", "a.csv", True),
        ("/a.csv", "deep/a.csv", False),
        ("deep/a.csv", "deep/a.csv", True),
        ("deep/a.csv", "x/deep/a.csv", False),
        ("**/a.csv", "x/deep/a.csv", True),
        ("**/a.csv", "a.csv", True),
        ("deep/**", "deep/x/y", True),
        ("deep/**", "deep", False),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("a/*/b", "a/x/y/b", False),
        ("data?.txt", "data1.txt", True),
        ("data?.txt", "data/.txt", False),
        ("[ab].txt", "a.txt", True),
        ("[!ab].txt", "a.txt", False),
        ("[!ab].txt", "c.txt", True),
        ("[a-c]1", "b1", True),
        ("# no rule", "# no rule", False),
        (r"\#file", "#file", True),
        (r"\!file", "!file", True),
        ("a.csv   ", "a.csv", True),
        ("a+b(c).txt", "a+b(c).txt", True),
        ("*.csv\n!keep.csv", "keep.csv", False),
        ("*.csv\n!keep.csv", "other.csv", True),
        ("!keep.csv\n*.csv", "keep.csv", True),
        ("", "a", False),
    ],
)  # fmt: skip
def test_a_rule_means_what_git_means(rules: str, path: str, expected: bool, tmp_path: Path) -> None:
    assert ignored(rules, path) is expected
    if shutil.which("git"):
        subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
        (tmp_path / ".gitignore").write_text(rules + "\n")
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("")
        asked = subprocess.run(
            ["git", "-C", str(tmp_path), "check-ignore", "-q", "--", f"./{path}"], check=False
        )
        assert (asked.returncode == 0) is expected


def test_a_rule_with_a_slash_at_its_end_is_for_folders() -> None:
    assert ignored("data/", "data", is_folder=True)
    assert not ignored("data/", "data")


def test_the_nearest_file_counts_and_smextignore_more_than_gitignore(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.csv\n*.log\n")
    deep = tmp_path / "deep"
    deep.mkdir()
    (deep / ".gitignore").write_text("!a.csv\n")
    chain = Chain().below(str(tmp_path), [".gitignore"]).below(str(deep), [".gitignore"])
    assert chain.reason(f"{deep}/a.csv", False) == ""
    assert chain.reason(f"{deep}/b.csv", False) == "ignored by .gitignore"
    (tmp_path / ".smextignore").write_text("!b.csv\na.csv\n")
    chain = Chain().below(str(tmp_path), [".gitignore", ".smextignore"]).below(str(deep), [".gitignore"])
    assert chain.reason(f"{deep}/a.csv", False) == "ignored by .smextignore"
    assert chain.reason(f"{deep}/b.csv", False) == ""


def test_the_rules_of_a_repository_hold_in_its_folders(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.csv\n")
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    assert above(folder).reason(f"{folder}/x.csv", False) == ""
    (tmp_path / ".git").mkdir()
    assert above(folder).reason(f"{folder}/x.csv", False) == "ignored by .gitignore"


def test_a_file_of_rules_that_cannot_be_read_rules_nothing(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").mkdir()
    assert Chain().below(str(tmp_path), [".gitignore"]).reason(f"{tmp_path}/a", False) == ""
