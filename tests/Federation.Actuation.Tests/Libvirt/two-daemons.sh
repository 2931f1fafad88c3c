#!/usr/bin/env bash
# Two libvirt daemons on one machine, as two hosts: each in network, mount and UTS namespaces of its own, joined by a veth pair.
#   two-daemons.sh up FOLDER NAME      returns when both answer; their network namespaces are NAME-a (172.31.9.1) and NAME-b (172.31.9.2)
#   two-daemons.sh down FOLDER NAME    ends them and their VMs
set -euo pipefail
verb=$1 folder=$2 name=$3

# What a daemon changes must not be the machine's: its configuration, state, cache and log are its own, and so is /dev, which has no kvm:
# where that is there and cannot be used, each start of a VM asks QEMU for everything again. Terminals are its own, too.
inside='
  root=$1 host=$2
  hostname "$host"
  mkdir -p /run/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt
  for part in run/libvirt var/lib/libvirt var/cache/libvirt var/log/libvirt etc/libvirt; do mount --bind "$root/$part" "/$part"; done
  mount -t tmpfs none "$root/dev"
  mkdir "$root/dev/net" "$root/dev/shm" "$root/dev/pts"
  for device in null zero full random urandom tty net/tun; do
    [ -e "/dev/$device" ] || continue
    touch "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
  done
  mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts "$root/dev/pts"
  ln -s pts/ptmx "$root/dev/ptmx"
  mount --rbind "$root/dev" /dev
  exec libvirtd --listen -p "$root/pid"
'

start() {
  local host=$1 number=$2 root="$folder/$1"
  mkdir -p "$root"/{run/libvirt,var/lib/libvirt,var/cache/libvirt,var/log/libvirt,etc/libvirt,dev}
  cp -a /etc/libvirt/. "$root/etc/libvirt/"
  rm -f "$root"/etc/libvirt/qemu/networks/autostart/* "$root"/etc/libvirt/qemu/*.xml
  printf 'listen_tls=0\nlisten_tcp=1\nauth_tcp="none"\nlisten_addr="172.31.9.%s"\nhost_uuid="0000000%s-1111-2222-3333-444444444444"\n' "$number" "$number" \
    > "$root/etc/libvirt/libvirtd.conf"
  printf 'user="root"\ngroup="root"\nsecurity_driver="none"\ncgroup_controllers=[]\nnamespaces=[]\nremember_owner=0\nstdio_handler="file"\n' \
    > "$root/etc/libvirt/qemu.conf"
  ip -n "$name-$host" addr add "172.31.9.$number/24" dev uplink
  ip -n "$name-$host" link set uplink up
  ip -n "$name-$host" link set lo up
  setsid ip netns exec "$name-$host" unshare -m -u --propagation private bash -c "$inside" bash "$root" "$name-$host" > "$root/log" 2>&1 < /dev/null &
}

answers() {
  for try in $(seq 300); do
    ip netns exec "$name-$1" virsh -q -c "qemu+tcp://172.31.9.$2/system" list > /dev/null 2>&1 && return
    sleep 0.2
  done
  cat "$folder/$1/log" >&2
  exit 1
}

case $verb in
  up)
    ip netns add "$name-a"
    ip netns add "$name-b"
    ip link add uplink netns "$name-a" type veth peer name uplink netns "$name-b"
    start a 1
    start b 2
    answers a 1
    answers b 2
    ;;
  down)
    for host in a b; do
      [ -e "$folder/$host/pid" ] && kill "$(cat "$folder/$host/pid")" || true
      for pid in $(ip netns pids "$name-$host" 2> /dev/null || true); do
        kill -9 "$pid" 2> /dev/null || true
      done
      ip netns del "$name-$host" || true
    done
    ;;
esac
