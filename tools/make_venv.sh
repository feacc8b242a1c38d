#!/usr/bin/env bash
# make_venv.sh FOLDER [PYTHON]: create a virtual environment with PYTHON, or with the first Python 3.11+ on PATH.
set -euo pipefail

folder=$1
wanted=${2:-}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

if [ -x "$folder/bin/python" ] && is_new_enough "$folder/bin/python" && "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi
for python in ${wanted:-python3 python python3.14 python3.13 python3.12 python3.11}; do
    if is_new_enough "$python"; then
        rm -rf "$folder"
        "$python" -m venv "$folder" && exit 0
        echo "$python cannot create a virtual environment; is its venv package installed?" >&2
        exit 1
    fi
done
echo "wasmrewrite needs Python 3.11 or later; name it with: make PYTHON=..." >&2
exit 1
