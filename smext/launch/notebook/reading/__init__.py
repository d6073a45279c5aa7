"""What a notebook's code imports, runs, reads and writes, as far as that can be told without running it."""
