"""From a notebook to a job: the form's defaults, the plan, carrying it out, and writing it as code.

All functions block; call them in an account's threads.
"""

from .apply import apply
from .code import code
from .form.defaults import defaults
from .limits import Limits
from .plan import plan

__all__ = ["Limits", "apply", "code", "defaults", "plan"]
