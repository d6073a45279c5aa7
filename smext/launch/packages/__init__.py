"""The packages that a notebook needs beyond its image: found out, read from lists, built and downloaded."""
