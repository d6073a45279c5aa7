"""How AWS is asked: clients and credentials, rate limits, deadlines, caches, and errors in plain words."""
