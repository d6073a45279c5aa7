"""Write smext/launch/images.json out of the SageMaker SDK's own map of registries.

    scripts/make_images.py SITE_PACKAGES 4.4.1 2026-08-19

SITE_PACKAGES holds an installed sagemaker-core; then the newest SageMaker Distribution version and its date
(github.com/aws/sagemaker-distribution, build_artifacts). With --check nothing is written.
"""

from __future__ import annotations

import argparse
import json
from importlib import metadata
from pathlib import Path

from generated_file import ROOT, settle

TARGET = ROOT / "smext" / "launch" / "images.json"
MAP = Path("sagemaker") / "core" / "image_uri_config" / "sagemaker-distribution.json"


def generated(site_packages: Path, version: str, as_of: str) -> str:
    """The table as JSON: registry account by region."""
    found = json.loads((site_packages / MAP).read_text())
    newest = list(found["versions"].values())[-1]
    [core] = metadata.distributions(name="sagemaker-core", path=[str(site_packages)])
    table = {
        "source": f"sagemaker-core {core.version} {MAP.name}; sagemaker-distribution {version}",
        "as_of": as_of,
        "repository": newest["repository"],
        "version": version,
        "registries": dict(sorted(newest["registries"].items())),
    }
    return json.dumps(table, indent=1) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("site_packages", type=Path)
    parser.add_argument("version")
    parser.add_argument("as_of")
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    new = generated(given.site_packages, given.version, given.as_of)
    return settle(TARGET, new, check=given.check, how="run scripts/make_images.py")


if __name__ == "__main__":
    raise SystemExit(main())
