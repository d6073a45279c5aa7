"""One file for each situation of an account: `build(scene)` furnishes it."""
