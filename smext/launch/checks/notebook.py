"""The notebook and its kernel: whether there is anything to run, and on what."""

from __future__ import annotations

from ...api import Check, NotebookDocument, check
from .. import images
from ..notebook import analysis, content
from .base import Offline

_KERNEL_ADVICE = "Packages that it needs are compared with what the image has; choose an image with that kernel to have it."
# Of an input or output in a request, and the part of its row in the form that it is made of.


def of_notebook(document: NotebookDocument) -> Check:
    """Check that there is a cell to run."""
    count = content.runnable(document)
    if not count:
        return check(
            "notebook",
            "will fail",
            "There is nothing to run: the notebook has no code.",
            "Write a code cell, then launch it again.",
        )
    cells = "1 cell runs" if count == 1 else f"{count} cells run"
    edits = ", with the edits that are not saved yet" if document.unsaved else ""
    return check("notebook", "ok", f"{cells}, as on the screen{edits}.")


def of_kernel(document: NotebookDocument, image: str) -> Check:
    """Check that the image has the notebook's kernel or its language."""
    named, language = content.kernel(document), content.language(document)
    name, known = analysis.kernel_name(named), images.is_distribution(image)
    if known and analysis.is_remote(named):
        message = (
            f"The image has the notebook's kernel: {name}. Its cells run in a Glue session or on a cluster."
        )
        advice = "Whether that has the packages and files that they need was not looked into."
        return check("kernel", "cannot tell", message, advice)
    if language not in (None, "python"):
        has = f" It has {', '.join(images.DISTRIBUTION_KERNELS)}, and the run ends at once." if known else ""
        return check(
            "kernel",
            "warning",
            f"The image has no kernel for this language: {language}.{has}"
            if known
            else f"The image needs a kernel for this language: {language}",
            "Choose an image that has one.",
            "image",
        )
    if name is None:
        return check(
            "kernel",
            "warning",
            "The notebook names no kernel: it runs on the image's Python.",
            "Choose a kernel in the notebook to have a certain one.",
        )
    if known and name in images.DISTRIBUTION_KERNELS:
        return check("kernel", "ok", f"The image has the notebook's kernel: {name}")
    if known:
        message = (
            f"SageMaker Distribution has no such kernel: {name}. The notebook runs on the image's Python."
        )
        return check("kernel", "warning", message, _KERNEL_ADVICE)
    return check(
        "kernel",
        "cannot tell",
        f"Whether the image has the notebook's kernel is not known: {name}",
        "Where it has not, the notebook runs on the image's Python.",
    )


CHECKS = (
    Offline(10, lambda context: [of_notebook(context.notebook)]),
    Offline(20, lambda context: [of_kernel(context.notebook, context.form.image)]),
)
