"""Entry point of the archive.

Every Python can parse this file, so that an old one can say that it is too old.
"""

import importlib
import os
import sys


def start():  # type: ignore[no-untyped-def]  # annotations would not parse on Python 2
    """Run the runner and return its exit code; 1 where Python is older than 3.8."""
    if sys.version_info < (3, 8):  # noqa: UP036
        text = (
            "Could not run the notebook: the image's Python is %s. Use an image with Python 3.8 or later.\n"
        )
        text %= sys.version.split()[0]
        sys.stdout.write("smext: failed: " + text)
        folder = os.path.join(os.environ.get("SMEXT_OPT_ML", "/opt/ml"), "output")
        try:
            if not os.path.isdir(folder):
                os.makedirs(folder)
            with open(os.path.join(folder, "failure"), "w") as file:
                file.write(text)
        except (IOError, OSError):  # noqa: UP024  # two things on Python 2
            pass
        return 1
    # In the archive the package has a name of its own: an installed smext must not be mistaken for it.
    return importlib.import_module((__package__ or "smext_runner") + ".main").main()


if __name__ == "__main__":
    status = start()  # type: ignore[no-untyped-call]
    sys.stdout.flush()
    # No thread or socket of a library may keep the job alive, and billing.
    os._exit(status)
