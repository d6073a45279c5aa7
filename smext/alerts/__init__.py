"""What deserves a warning, and who was told."""
