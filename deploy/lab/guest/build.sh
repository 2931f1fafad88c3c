#!/usr/bin/env bash
# Builds the lab's guest out of Debian's packages, in seconds: a kernel and a first file system with busybox, Open MPI and the program `heat`.
#   build.sh FOLDER      writes FOLDER/vmlinuz and FOLDER/guest.cpio.zst
# Needs busybox-static, openmpi-bin, libopenmpi-dev, gcc, libc6-dev, cpio, zstd, kmod and a kernel's package with its modules: linux-image-cloud-amd64, else linux-image-amd64.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
to=$(readlink -m "${1:?usage: build.sh FOLDER}")
lib=/usr/lib/x86_64-linux-gnu
mpi=$lib/openmpi/lib/openmpi3

missing=
for program in busybox mpicc orterun cpio zstd gcc modprobe; do command -v "$program" > /dev/null || missing="$missing $program"; done
kernel=$(ls -v /boot/vmlinuz-*-cloud-amd64 2> /dev/null | tail -n 1)
kernel=${kernel:-$(ls -v /boot/vmlinuz-*-amd64 2> /dev/null | tail -n 1)}
[ -n "$kernel" ] || missing="$missing a-kernel"
if [ -n "$missing" ]; then
  echo "build.sh: missing:$missing. Install them: apt-get install busybox-static openmpi-bin libopenmpi-dev gcc libc6-dev cpio zstd kmod linux-image-cloud-amd64" >&2
  exit 1
fi

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root"/{bin,sbin,etc/openmpi,lib/modules,lib64,usr/bin,usr/share/openmpi,proc,sys,dev,tmp,root,run,var/run} "$root$mpi" "$to"
copy() { install -D "$(readlink -f "$1")" "$root$1"; }

copy "$(command -v busybox)"
[ -e "$root/bin/busybox" ] || install "$(readlink -f "$(command -v busybox)")" "$root/bin/busybox"
for applet in $("$root/bin/busybox" --list); do [ -e "$root/bin/$applet" ] || ln -s busybox "$root/bin/$applet"; done
mpicc -O2 -o "$root/usr/bin/heat" "$here/heat.c" -lm
copy /usr/bin/orterun
copy /usr/bin/orted
ln -s orterun "$root/usr/bin/mpirun"
# Parts for networks and schedulers that no guest has are left out.
for part in "$mpi"/mca_*.so; do
  case ${part##*/} in
    *ucx* | *ofi* | *psm* | *openib* | *usnic* | *portals* | *slurm* | *lsf* | *tm.so | *gridengine* | *alps* | *pmi_* | *romio* | *cuda* | *monitoring* | *memheap* | *spml* | *scoll* | *sshmem* | *atomic_*) ;;
    *) copy "$part" ;;
  esac
done
for part in "$lib"/pmix2/lib/pmix/*.so; do copy "$part"; done
for text in /usr/share/openmpi/help-*.txt; do copy "$text"; done
# Whatever these link to, to the last.
{ find "$root/usr" -type f \( -name '*.so*' -o -perm -u+x \) -exec ldd {} + 2> /dev/null || true; } | grep -o '/[^ )]*' | grep -v ':$' | sort -u > "$root/tmp/needed"
while read -r each; do
  case $each in "$root"*) ;; *) [ -e "$root$each" ] || copy "$each" ;; esac
done < "$root/tmp/needed"
rm "$root/tmp/needed"
for name in virtio_pci virtio_net virtio_blk; do
  modprobe -S "${kernel#/boot/vmlinuz-}" --show-depends "$name"
done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r module; do
  install -m 644 "$module" "$root/lib/modules/"
  basename "$module"
done > "$root/lib/modules/order"
install -m 644 "$here/openmpi-mca-params.conf" "$root/etc/openmpi/"
echo 'root::0:0:root:/root:/bin/sh' > "$root/etc/passwd"
echo 'root:x:0:' > "$root/etc/group"
install "$here/init" "$root/init"
install "$here/launch" "$here/lease" "$here/say" "$here/state" "$here/checksum.awk" "$root/bin/"

# The same bytes each time, so that its checksum says whether it is the same.
(cd "$root" && find . -print0 | LC_ALL=C sort -z | cpio --null --quiet -o -H newc --reproducible -R 0:0) | zstd -q -f -3 -o "$to/guest.cpio.zst"
install -m 644 "$kernel" "$to/vmlinuz"
ls -l "$to"
