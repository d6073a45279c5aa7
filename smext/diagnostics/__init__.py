"""Where this server runs and as whom, whether smext works there, and the IAM policy that it needs."""
