"""The files that go along with a notebook: which, how they are packed, and their way to the bucket."""
