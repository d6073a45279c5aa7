"""The routes under `/smext/`: each parses a request, calls the service and writes its answer."""
