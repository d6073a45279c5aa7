"""From a notebook to a job: the form's defaults, the plan, and carrying it out.

All functions block; call them in an account's threads.
"""

from .apply import apply
from .defaults import defaults
from .limits import Limits
from .plan import plan

__all__ = ["Limits", "apply", "defaults", "plan"]
