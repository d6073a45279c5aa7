#!/bin/bash
# Lifecycle configuration of a notebook instance (on-start): installs smext where Jupyter runs, at every start.
# It never keeps an instance from starting: what goes wrong is said in its log.

SMEXT_PACKAGE="${SMEXT_PACKAGE:-smext}"
SMEXT_INDEX_URL="${SMEXT_INDEX_URL:-}"
SMEXT_WHEELS="${SMEXT_WHEELS:-}"
SMEXT_SECONDS="${SMEXT_SECONDS:-240}"
# Jupyter runs as this user, in this environment; the kernels have others.
SMEXT_USER="${SMEXT_USER:-ec2-user}"
SMEXT_PYTHON="${SMEXT_PYTHON:-/home/ec2-user/anaconda3/envs/JupyterSystemEnv/bin/python}"

# The script runs as root.
as_user() { if [ "$(id -un)" = "$SMEXT_USER" ]; then "$@"; else sudo -u "$SMEXT_USER" -H "$@"; fi; }

options=(--quiet --no-input --no-warn-script-location --disable-pip-version-check)
[ -n "$SMEXT_INDEX_URL" ] && options+=(--index-url "$SMEXT_INDEX_URL")
[ -n "$SMEXT_WHEELS" ] && options+=(--no-index --find-links "$SMEXT_WHEELS")
if as_user timeout "$SMEXT_SECONDS" "$SMEXT_PYTHON" -m pip install "${options[@]}" "$SMEXT_PACKAGE"; then
  echo "smext is installed for $SMEXT_PYTHON"
  if command -v systemctl >/dev/null; then systemctl restart jupyter-server || true; fi
else
  echo "smext was not installed: see the lines above. Jupyter starts without it."
fi
exit 0
