#!/bin/bash
# Removes smext and all that it keeps on this machine, of this user. What it has written to S3 stays.

lab=$(command -v jupyter-lab || true)
python=$(sed -n '1s/^#! *//p' "${lab:-/dev/null}")
case "$python" in */python*) ;; *) python=$(command -v python3) ;; esac
[ -n "$SMEXT_PYTHON" ] && python="$SMEXT_PYTHON"

data=$("$python" -c 'from jupyter_core.paths import jupyter_data_dir; print(jupyter_data_dir())')
config=$("$python" -c 'from jupyter_core.paths import jupyter_config_dir; print(jupyter_config_dir())')
cache=$("$python" -c 'import platformdirs; print(platformdirs.user_cache_dir("smext"))')
"$python" -m pip uninstall --yes --quiet --disable-pip-version-check smext
# What an earlier Python of the image has left.
base=$("$python" -m site --user-base)
rm -rf "$base"/lib/python*/site-packages/smext "$base"/lib/python*/site-packages/smext-*.dist-info "$base/bin/smext" \
  "$base/share/jupyter/labextensions/smext" "$base/etc/jupyter/jupyter_server_config.d/smext.json"
# Last launches, prices, warnings, wheels, settings.
rm -rf "${data:?}/smext" "${cache:?}" "${config:?}/lab/user-settings/smext"
echo "smext is removed. Restart JupyterLab."
