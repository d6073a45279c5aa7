"""Files that a run leaves in S3, and how they are found and opened again."""
