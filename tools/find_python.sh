#!/bin/sh
# Prints the command of a Python that can run the product: 3.11 or later, able to create a virtual
# environment. $PYTHON, where set, is the only one tried.
set -eu

runs_the_product() {
    "$1" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

creates_environments() {
    "$1" -c 'import ensurepip' >/dev/null 2>&1
}

bare=""
if [ -n "${PYTHON:-}" ]; then
    set -- "$PYTHON"
else
    set -- python3 python python3.14 python3.13 python3.12 python3.11
fi
for python in "$@"; do
    runs_the_product "$python" || continue
    if creates_environments "$python"; then
        echo "$python"
        exit 0
    fi
    bare=${bare:-$python}
done

if [ -n "$bare" ]; then
    # Debian splits the module that creates environments out of its Python.
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        { apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv; } >&2
        if creates_environments "$bare"; then
            echo "$bare"
            exit 0
        fi
    fi
    echo "« $bare » ne sait pas créer d'environnement virtuel : installez le paquet python3-venv, puis recommencez." >&2
    exit 1
fi
found=$("${PYTHON:-python3}" --version 2>&1) || found=""
echo "Python 3.11 ou plus récent est nécessaire (trouvé : ${found:-aucun}). Installez-le, ou indiquez-le : make PYTHON=/chemin/vers/python3.11 …" >&2
exit 1
