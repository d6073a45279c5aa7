#!/bin/bash
# Lifecycle configuration of a Studio domain (app type JupyterLab): installs smext on the volume of each space.
# It never keeps a space from starting: what goes wrong is said in its log, and JupyterLab opens without smext.

# The version that everybody gets. A change of it is an update at the next start of a space.
SMEXT_PACKAGE="${SMEXT_PACKAGE:-smext}"
# Without a way to the public index: an index of yours, or a folder with wheels; empty: as pip is set up.
SMEXT_INDEX_URL="${SMEXT_INDEX_URL:-}"
SMEXT_WHEELS="${SMEXT_WHEELS:-}"
# A lifecycle configuration has 5 minutes.
SMEXT_SECONDS="${SMEXT_SECONDS:-240}"

# The Python that starts JupyterLab stands in the first line of its command.
lab=$(command -v jupyter-lab || true)
python=$(sed -n '1s/^#! *//p' "${lab:-/dev/null}")
case "$python" in */python*) ;; *) python=$(command -v python3) ;; esac

version() { "$python" -c 'from importlib.metadata import version; print(version("smext"))' 2>/dev/null; }

before=$(version)
options=(--user --quiet --no-input --no-warn-script-location --disable-pip-version-check)
[ -n "$SMEXT_INDEX_URL" ] && options+=(--index-url "$SMEXT_INDEX_URL")
[ -n "$SMEXT_WHEELS" ] && options+=(--no-index --find-links "$SMEXT_WHEELS")
if timeout "$SMEXT_SECONDS" "$python" -m pip install "${options[@]}" "$SMEXT_PACKAGE"; then
  echo "smext $(version) is installed for $python in $("$python" -m site --user-base)"
  # A server that started before this has not loaded it.
  if [ "$(version)" != "$before" ] && command -v restart-jupyter-server >/dev/null; then
    restart-jupyter-server || true
  fi
else
  echo "smext was not installed: see the lines above. JupyterLab starts without it."
fi
exit 0
