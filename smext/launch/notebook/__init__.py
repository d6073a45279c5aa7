"""The notebook as it is on the screen: its cells, its parameters, and what its code reads and runs."""
