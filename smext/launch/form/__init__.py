"""The form of a launch as it opens: whose values count, and in which order."""
