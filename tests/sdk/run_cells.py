"""Run cells with a SageMaker SDK, each as in a notebook in its folder; prints the names of their jobs as JSON.

Run by an interpreter that has the SDK: run_cells.py FILE, a JSON mapping of case to {source, folder}.
"""

import json
import os
import sys
from pathlib import Path

NAMES = ("training_job_name", "processing_job_name", "job_name", "name")


def main() -> None:
    names = {}
    for case, cell in json.loads(Path(sys.argv[1]).read_text()).items():
        os.chdir(cell["folder"])
        space = {"__name__": "__main__"}
        exec(compile(cell["source"], case, "exec"), space)
        job = space["job"]
        found = (getattr(job, name, None) for name in NAMES)
        names[case] = next(name for name in found if isinstance(name, str))
    print(json.dumps(names))


main()
