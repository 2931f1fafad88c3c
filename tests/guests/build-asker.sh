#!/usr/bin/env bash
# Builds the Linux guest that keeps in touch with another VM (asker.c): FOLDER/vmlinuz and FOLDER/asker.cpio.gz. Needs root (for a device node), gcc, libc6-dev,
# cpio, gzip, kmod and a kernel's package with its modules: linux-image-cloud-amd64, else linux-image-amd64.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
to=${1:?"usage: build-asker.sh FOLDER"}
kernel=$(ls -v /boot/vmlinuz-*-cloud-amd64 2>/dev/null | tail -n 1)
kernel=${kernel:-$(ls -v /boot/vmlinuz-*-amd64 2>/dev/null | tail -n 1)}
[ -n "$kernel" ] || { echo "build-asker.sh: no kernel in /boot: apt-get install linux-image-cloud-amd64" >&2; exit 1; }
mkdir -p "$to"
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/dev" "$root/modules"
mknod -m 600 "$root/dev/console" c 5 1
gcc -static -O2 -Wall -Werror -o "$root/init" "$here/asker.c"
strip "$root/init"
for name in virtio_pci virtio_net; do
  modprobe -S "${kernel#/boot/vmlinuz-}" --show-depends "$name"
done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r module; do
  install -m 644 "$module" "$root/modules/"
  basename "$module"
done >"$root/modules/order"
(cd "$root" && find . -print0 | LC_ALL=C sort -z | cpio --null --quiet -o -H newc --reproducible -R 0:0) | gzip -n -1 >"$to/asker.cpio.gz"
install -m 644 "$kernel" "$to/vmlinuz"
