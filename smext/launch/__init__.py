"""From a notebook to a job: the form's defaults, the plan, carrying it out, and writing it as code.

All functions block; call them in an account's threads.
"""

from .apply import apply
from .form.defaults import defaults
from .limits import Limits
from .plan import plan
from .sdk_code import code

__all__ = ["Limits", "apply", "code", "defaults", "plan"]
