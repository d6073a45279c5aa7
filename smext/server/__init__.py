"""What Jupyter's server is given: the service of each account and region, and the routes to it."""
