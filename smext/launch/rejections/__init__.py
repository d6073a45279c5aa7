"""What AWS says no with, in our words: the field that it means, what to ask for, what would do instead."""
