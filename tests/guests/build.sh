#!/usr/bin/env bash
# Builds the tests' guests into FOLDER, as FOLDER/pages.elf. Needs gcc and binutils.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
to=${1:?"usage: build.sh FOLDER"}
mkdir -p "$to"
draft=$(mktemp -d)
trap 'rm -rf "$draft"' EXIT
gcc -m32 -march=i686 -O2 -ffreestanding -fno-pic -fno-stack-protector -fno-asynchronous-unwind-tables -mno-sse -Wall -Werror -c "$here/pages.c" -o "$draft/pages.o"
ld -m elf_i386 --no-warn-rwx-segments -T "$here/pages.ld" -o "$draft/pages.elf" "$draft/pages.o"
mv "$draft/pages.elf" "$to/pages.elf"
