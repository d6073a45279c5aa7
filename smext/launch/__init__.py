"""From a notebook to a job: form, plan, apply."""
