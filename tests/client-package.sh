#!/usr/bin/env bash
# The package for programs of a user's own, as its user has it: packed, named by a project that knows nothing else of this one, whose program is the sample
# of the package's README; built, and run against a service. A minute or two.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
work=$(mktemp -d "${TMPDIR:-/tmp}/federation-client.XXXXXX")
version=0.1.0-check.$(date +%s)
silo= sample=
finish() {
  for process in $sample $silo; do kill "$process" 2>/dev/null && wait "$process" 2>/dev/null || true; done
  # What restoring has kept of this one package.
  rm -rf "$work" "${NUGET_PACKAGES:-$HOME/.nuget/packages}/orleansfederation.client/$version"
}
trap finish EXIT
fail() { echo "client-package: $*" >&2; exit 1; }

dotnet pack src/Federation.Client -c Release --nologo -v q -p:PackageVersion="$version" -o "$work/packages"
dotnet build src/Federation.Silo -c Release --nologo -v q
mkdir "$work/sample"
awk '/^```csharp/ { on = 1; next } /^```/ { on = 0 } on' src/Federation.Client/README.md >"$work/sample/Program.cs"
[ "$(grep -c . "$work/sample/Program.cs")" -le 30 ] || fail "the sample is longer than 30 lines"
cat >"$work/sample/Sample.csproj" <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <RestoreAdditionalProjectSources>$work/packages</RestoreAdditionalProjectSources>
  </PropertyGroup>
  <ItemGroup><PackageReference Include="OrleansFederation.Client" Version="$version" /></ItemGroup>
</Project>
PROJECT
# As it stands it has to compile; it is run against a service of this machine, which needs no certificates.
dotnet build "$work/sample" -c Release --nologo -v q
read -r port silo_port gateway < <(python3 -c '
import socket
free = [socket.socket() for _ in range(3)]
for one in free: one.bind(("127.0.0.1", 0))
print(*(one.getsockname()[1] for one in free))')
sed -i -e "s|Gateways = .*|Gateways = [\"127.0.0.1:$gateway\"],|" -e '/Authority = /d' "$work/sample/Program.cs"
dotnet build "$work/sample" -c Release --nologo -v q -o "$work/out"

dotnet src/Federation.Silo/bin/Release/net10.0/Federation.Silo.dll --urls "http://127.0.0.1:$port" --Federation:Data="$work/data" --Federation:SiloPort="$silo_port" \
  --Federation:GatewayPort="$gateway" >"$work/service.log" 2>&1 &
silo=$!
ask() { curl -sf -H "Authorization: Bearer $(cat "$work/data/token")" "$@"; }
for _ in $(seq 120); do
  curl -sf "http://127.0.0.1:$port/health/ready" >/dev/null 2>&1 && break
  kill -0 "$silo" 2>/dev/null || { tail "$work/service.log" >&2; fail "the service ended"; }
  sleep 0.5
done
site=rennes
put() { ask -X PUT -H 'Content-Type: application/yaml' --data-binary @- "http://127.0.0.1:$port/v1/$1" >/dev/null; }
put "sites/$site" <sites/$site.yaml
put applications/cg-8 <sites/examples/cg-8.yaml
tenant=$(awk '/^tenant:/ { print $2 }' sites/examples/cg-8.yaml)
./fedctl token issue alice --role tenant --tenant "$tenant" --key "$work/data/issuer.key" >"$work/alice.token"
(cd "$work" && exec dotnet out/Sample.dll) >"$work/sample.log" 2>"$work/sample.err" &
sample=$!
# shows TEXT: what the sample prints has it within half a minute.
shows() {
  for _ in $(seq 60); do
    grep -q "$1" "$work/sample.log" && return 0
    kill -0 "$sample" 2>/dev/null || break
    sleep 0.5
  done
  cat "$work/sample.log" "$work/sample.err" >&2
  fail "the sample does not show '$1'"
}
shows "^$tenant/cg-8"
# It follows what happens from the moment on at which it has listed the applications.
for _ in 1 2 3 4 5; do
  sed "s/^region:.*/region: elsewhere $RANDOM/" sites/$site.yaml | put "sites/$site"
  sleep 1
done
shows "site $site changed"
cat "$work/sample.log"
# A connection leaves the signals to the program: without a word of its own it ends at one.
kill "$sample"
for _ in $(seq 20); do kill -0 "$sample" 2>/dev/null || break; sleep 0.5; done
kill -0 "$sample" 2>/dev/null && { kill -9 "$sample"; fail "the sample does not end when it is told to"; }
echo "The package holds: $version"
