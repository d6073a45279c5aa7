"""The same as in the panel, from Python and from the terminal."""
