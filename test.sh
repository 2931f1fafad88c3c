#!/usr/bin/env bash
# Installs what the tests need and runs them all. Ends with the line "N passed, N failed".
set -u
cd "$(dirname "$0")"
. deploy/needs.sh
need_dotnet || exit 1
need_packages "the sensor's tests read captures with libpcap, the storage's have a database" libpcap0.8 tzdata iproute2 postgresql || exit 1
need_packages "its tests move real VMs between hosts" qemu-system-x86 qemu-utils gcc busybox-static libarchive-tools iputils-ping iputils-arping || exit 1
need_packages "they set up networks of VMs between hosts, encrypted ones too" nftables wireguard-go wireguard-tools || exit 1
need_packages "one runs an MPI program on VMs of the lab" openmpi-bin libopenmpi-dev libc6-dev linux-image-cloud-amd64 cpio zstd kmod ethtool jq curl openssl iputils-arping || exit 1
need_packages "they hold libvirt and a program in Python against the port of drivers" libvirt-daemon-system libvirt-clients python3 || exit 1
need_packages "they look at the portal in a browser" chromium || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

echo "Building everything ..."
dotnet build OrleansFederation.sln -c Release --nologo -v q || { echo "0 passed, 1 failed"; exit 1; }

# What failed of one project's output, short: the log of a gate may be read from its end, and no further back than some pages.
essence() {
  awk '
    /^failed / { lines = 1; print; next }
    !/^  / { lines = 0 }
    lines && lines < 45 && !/^  from / && !/^ +at (System|Xunit|Shouldly|Npgsql|Orleans)\./ { lines++; print substr($0, 1, 240) }
  ' "$1" | head -c 6000
  # A program that broke off names no test.
  grep -q '^failed ' "$1" || tail -n 20 "$1" | cut -c 1-240
}

# The three tests of one project that took longest, whole seconds only: where to look when the gate takes too long.
slowest() {
  tr '>' '\n' <"$1" | sed -nE 's/.*<test .* ?name="([^"]*)".* time="([0-9]+)[.0-9]*".*/\2 \1/p' | sort -rn | head -n 3 | awk '$1 > 9 { printf "   %s s: ", $1; $1 = ""; print substr($0, 2, 150) }'
}

passed=0 failed=0 left_out=() broken=$(mktemp)
for project in tests/*.Tests tests/*.Scenarios; do
  [ -f "$project/$(basename "$project").csproj" ] || continue
  # A project without a test of its own yet has nothing to say.
  grep -rqE '\[(Fact|Theory)' "$project" --include='*.cs' || continue
  echo "== $(basename "$project")"
  out=$(mktemp) told=$(mktemp -d) began=$SECONDS
  dotnet test --project "$project/$(basename "$project").csproj" -c Release --no-build --no-progress --results-directory "$told" --report-xunit-xml --report-xunit-xml-filename tests.xml >"$out" 2>&1
  code=$?
  good=$(grep -oE '^ *succeeded: [0-9]+' "$out" | grep -oE '[0-9]+' | tail -n 1)
  bad=$(grep -oE '^ *failed: [0-9]+' "$out" | grep -oE '[0-9]+' | tail -n 1)
  passed=$((passed + ${good:-0})) failed=$((failed + ${bad:-0}))
  # Left out, for want of root: counted and named, never as passed.
  mapfile -t -O "${#left_out[@]}" left_out < <(grep -E '^skipped ' "$out" | sed -E 's/^skipped //; s/ \([^)]*\)$//')
  if [ "$code" -ne 0 ]; then
    cat "$out"
    { echo "== $(basename "$project")"; essence "$out"; } >>"$broken"
    [ "${bad:-0}" -gt 0 ] || failed=$((failed + 1))
  else
    echo "   ${good:-0} passed, $((SECONDS - began)) s"
  fi
  [ ! -f "$told/tests.xml" ] || slowest "$told/tests.xml"
  rm -rf "$out" "$told"
done
if [ ${#left_out[@]} -gt 0 ]; then
  echo "${#left_out[@]} left out: they need root"
  printf '  %s\n' "${left_out[@]}"
fi
# Once more, where a long log is read first.
if [ -s "$broken" ]; then echo "What failed:"; cat "$broken"; fi
rm -f "$broken"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
