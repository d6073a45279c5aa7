"""Write smext/launch/packages/image_packages.json: what each SageMaker Distribution image ships.

    scripts/make_image_packages.py 2026-08-19

Reads scripts/data/studio-images/VERSION.txt, `name==version` a line, taken from the lists of conda packages that
github.com/aws/sagemaker-distribution publishes (build_artifacts) as of the date. With --check nothing is written.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

from generated_file import ROOT, settle

LISTS = Path(__file__).resolve().parent / "data" / "studio-images"
TARGET = ROOT / "smext" / "launch" / "packages" / "image_packages.json"
# Where conda has another name for what PyPI and the package itself call so.
NAMES = {
    "pytorch": "torch",
    "py-xgboost": "xgboost",
    "opencv": "opencv-python",
    "py-opencv": "opencv-python",
    "msgpack-python": "msgpack",
    "brotli-python": "brotli",
    "sentencepiece-python": "sentencepiece",
    "faiss": "faiss-cpu",
    "pytables": "tables",
    "matplotlib-base": "matplotlib",
    "dask-core": "dask",
    "snowballstemmer-python": "snowballstemmer",
    "sagemaker-python-sdk": "sagemaker",
}


def generated(as_of: str) -> str:
    """By package, its version in each image, in the order of `images`; empty where an image lacks it."""
    images = sorted((path.stem for path in LISTS.glob("*.txt")), key=_order)
    table: dict[str, list[str]] = {}
    for index, image in enumerate(images):
        for name, version in _packages(LISTS / f"{image}.txt").items():
            table.setdefault(name, [""] * len(images))[index] = version
    rows = ",\n".join(
        f"  {json.dumps(name)}: {json.dumps(' '.join(v or '-' for v in table[name]))}"
        for name in sorted(table)
    )
    head = json.dumps(
        {"source": "sagemaker-distribution, conda packages of each image", "as_of": as_of, "images": images}
    )
    return f'{head[:-1]}, "packages": {{\n{rows}\n}}}}\n'


def _packages(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in path.read_text().splitlines():
        name, _, version = line.strip().partition("==")
        if version:
            plain = re.sub(r"[-_.]+", "-", name).lower()
            found[plain] = version
            found.setdefault(NAMES.get(plain, plain), version)
    return found


def _order(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("as_of")
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    new = generated(given.as_of)
    return settle(TARGET, new, check=given.check, how="run scripts/make_image_packages.py")


if __name__ == "__main__":
    raise SystemExit(main())
