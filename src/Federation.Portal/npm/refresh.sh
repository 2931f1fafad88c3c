#!/usr/bin/env bash
# Makes assets/graph-library.js anew, from the versions that package-lock.json names; needs npm. What it makes is committed, so that nobody who builds the portal does.
set -euo pipefail
cd "$(dirname "$0")"
npm ci --no-audit --no-fund
npx esbuild graph-library.js --bundle --minify --format=esm --legal-comments=eof --outfile=../assets/graph-library.js
{
  echo "assets/graph-library.js holds these packages, each under its own licence:"
  for package in cytoscape cytoscape-fcose cose-base layout-base; do
    printf '\n== %s %s\n\n' "$package" "$(node -p "require('./node_modules/$package/package.json').version")"
    cat "node_modules/$package/LICENSE"
  done
} >../assets/graph-library.licenses.txt
rm -rf node_modules
