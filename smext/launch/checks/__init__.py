"""What can be said of a launch before it is paid for: each check ok, a warning, a failure to come, or not to be told."""
