"""Runner inside the job's container: Python 3.8 or later, standard library only until it has installed more."""
