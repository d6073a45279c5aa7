"""Tables of an account's resources: reading, polling, totals."""
