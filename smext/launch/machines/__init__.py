"""The instance types to choose from: what the region offers, what the account may use, what each costs."""
