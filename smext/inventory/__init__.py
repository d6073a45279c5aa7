"""The tables of what there is: how they are read, how often, and what they add up to."""
