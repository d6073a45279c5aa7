"""Warnings about cost: rules, monitor, exemptions, and who was told."""
