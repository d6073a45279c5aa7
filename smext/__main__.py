"""`python -m smext COMMAND`: the same as `smext COMMAND`, with a Python of one's choice."""

from .cli import main

raise SystemExit(main())
