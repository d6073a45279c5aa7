"""Calls to AWS: clients and credentials, rate limits, deadlines, caches, and errors in plain words."""
