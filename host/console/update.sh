#!/bin/sh
# Copies the built files of the packages in package.json into the resources. For whoever changes a version there; no build runs it.
set -eu
here=$(dirname "$(readlink -f "$0")")
target=$here/../src/main/resources/dev/sojourn/host/console
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/package.json" "$work/"
(cd "$work" && npm install --ignore-scripts --no-audit --no-fund --silent)
modules=$work/node_modules/@xterm
# The maps the last lines name are not shipped.
for file in xterm/lib/xterm.js addon-fit/lib/addon-fit.js; do
    sed '/^\/\/# sourceMappingURL=/d' "$modules/$file" >"$target/${file##*/}"
done
cp "$modules/xterm/css/xterm.css" "$target/"
cp "$modules/xterm/LICENSE" "$target/xterm-LICENSE"
