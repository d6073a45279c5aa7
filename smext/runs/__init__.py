"""What a run leaves in S3, and how it is found and opened again."""
