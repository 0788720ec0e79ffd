#!/bin/bash
# A backup of a lab's engine is restored into another home while VMs run, and the engine that is
# started there takes the host over: nothing is ended, nothing runs twice, what it can't know is told.
# The lab's own engine is superseded by it: the lab is good for nothing but cleaning afterwards.
#
#   restore.sh PROGRAMS        (a lab with one host runs in $VIREO_HOME)
set -euo pipefail

. "$(dirname "$0")/lab.sh"

programs=$1
work=$(mktemp -d)
old=$socket
new=$work/home/operator.sock
engine=
leave() {
  if [ -n "$engine" ]; then
    kill "$engine" 2> /dev/null || true
    wait "$engine" || true
  fi
  rm -rf "$work"
}
trap leave EXIT

runs=$(made "$old" runs)
later=$(made "$old" later)
started "$old" "$runs"

echo 'correct horse battery' > "$work/passphrase"
"$programs/vireoctl" backup "$work/backup" --passphrase-file "$work/passphrase"
[ "$(stat -c %a "$work/backup")" = 600 ] || fail "others can read the backup"

# What the backup does not know.
started "$old" "$later"
unknown=$(made "$old" unknown)
started "$old" "$unknown"
before="$(qemu "$runs") $(qemu "$later") $(qemu "$unknown")"
[ "$(wc -w <<< "$before")" = 3 ] || fail "QEMUs: $before"

restore() { "$programs/vireoctl" restore "$work/backup" "$@"; }
if restore --home "$work/home" 2> /dev/null; then fail "restored without the passphrase"; fi
if restore --home "$VIREO_HOME" --passphrase-file "$work/passphrase" 2> /dev/null; then
  fail "restored over a home"
fi
restore --home "$work/home" --passphrase-file "$work/passphrase"

# The lab starts its engine again: it goes one epoch up and must not come level with the restored one.
kill -9 "$(cat "$VIREO_HOME/engine/engine.lock")"
"$programs/vireo-engine" --home "$work/home" --listen 127.0.0.1:0 2> "$work/log" &
engine=$!
for _ in $(seq 120); do
  [ -S "$new" ] && break
  kill -0 "$engine" || fail "the engine ended: $(tail -3 "$work/log")"
  sleep 0.5
done
wait_for "$new" hosts host.0.status up
wait_for "$new" "vms/$runs" status 'powering_up up'
wait_for "$new" "vms/$later" status 'powering_up up'
api "$new" GET events | grep -q "$unknown" || fail "nothing tells of the VM that is not known"
[ "$before" = "$(qemu "$runs") $(qemu "$later") $(qemu "$unknown")" ] || fail "a VM was started anew"

fresh=$(made "$new" fresh)
started "$new" "$fresh"
api "$new" POST "vms/$later/stop" '{}' > /dev/null
wait_for "$new" "vms/$later" status down
started "$new" "$later"
for vm in "$runs" "$later" "$unknown" "$fresh"; do
  [ "$(qemu "$vm" | wc -l)" = 1 ] || fail "VM $vm has $(qemu "$vm" | wc -l) QEMUs"
done
for _ in $(seq 60); do
  grep -q 'another engine has taken the host over' "$VIREO_HOME/engine.log" && break
  sleep 0.5
done
grep -q 'another engine has taken the host over' "$VIREO_HOME/engine.log" \
  || fail "the old engine was not told that it is superseded"
[ "$(api "$new" GET hosts | json host.0.status)" = up ] || fail "the host went back to the old engine"
echo "restored: the host is taken over, its VMs run on"
