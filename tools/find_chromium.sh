#!/bin/sh
# Prints the path of a Chromium for the browser tests and the bench; installs Debian's where none is
# found, apt is at hand and the caller is root. $VIGIE_CHROMIUM, where set, is believed.
set -eu

find_chromium() {
    for name in chromium chromium-browser google-chrome google-chrome-stable \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
        "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
        command -v "$name" && return 0
    done
    return 1
}

if [ -n "${VIGIE_CHROMIUM:-}" ]; then
    echo "$VIGIE_CHROMIUM"
    exit 0
fi
find_chromium && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installation de Chromium pour les tests dans le navigateur…" >&2
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >&2
    find_chromium && exit 0
fi
echo "Aucun Chromium trouvé : installez le paquet « chromium » (en administrateur : apt-get install chromium) ou indiquez le vôtre : VIGIE_CHROMIUM=/chemin/vers/chromium make test" >&2
exit 1
