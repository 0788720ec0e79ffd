#!/bin/bash
# What the engine says comes true again whatever is restarted, killed or cut. Each time the VM's QEMU is
# killed while somebody can't see it, and the engine has to come to know within the bound; the bounds are
# those of docs/ARCHITECTURE.md, generous for a busy machine.
#
#   converge.sh LAB [CASE...]        (vireo-lab; a lab with two hosts runs in $VIREO_HOME)
set -euo pipefail
. "$(dirname "$0")/lab.sh"

lab=$1
shift
cases=("$@")
[ $# -gt 0 ] || cases=(qemu libvirtd agent engine network)

now() { date +%s%N; }
on() { "$lab" on "$host" -- "$@"; }
begun=
within() { # SECONDS PATH VALUES
  wait_for "$socket" "$2" status "$3" "$1"
}
told() { # WHAT SECONDS
  echo "converged: $1 after $((($(now) - begun) / 1000000)) ms (bound $2 s)"
}
run() { # starts the VM and learns where it runs
  started "$socket" "$vm"
  local id
  id=$(api "$socket" GET "vms/$vm" | json host.id)
  path=hosts/$id
  host=$(api "$socket" GET "$path" | json name)
  pid=$(qemu "$vm")
  [ "$(wc -w <<< "$pid")" = 1 ] || fail "QEMUs of the VM: $pid"
}
ends_unseen() { kill -9 "$pid"; }
one() { # WORDS of a program's name on the host: it is killed there
  on sh -c "kill -9 \$(pidof $1)"
}

vm=$(made "$socket" "converges-$$")
for case in "${cases[@]}"; do
  run
  begun=$(now)
  case $case in
    qemu)
      ends_unseen
      within 15 "vms/$vm" down
      told "VM down, its QEMU killed" 15
      ;;
    libvirtd)
      one libvirtd
      ends_unseen
      within 60 "vms/$vm" down
      within 60 "$path" up
      told "VM down and host up, libvirtd restarted" 60
      ;;
    agent)
      one vireo-agent
      ends_unseen
      within 60 "vms/$vm" down
      within 60 "$path" up
      told "VM down and host up, agent restarted" 60
      ;;
    engine)
      kill -9 "$(cat "$VIREO_HOME/engine/engine.lock")"
      ends_unseen
      within 60 "vms/$vm" down
      within 60 "$path" up
      told "VM down and hosts up, engine restarted" 60
      ;;
    network)
      on ip link set eth0 down
      within 150 "$path" non_responsive
      within 10 "vms/$vm" unknown
      told "host non-responsive and VM unknown, network cut" 150
      ends_unseen
      begun=$(now)
      on ip link set eth0 up
      within 60 "$path" up
      within 60 "vms/$vm" down
      told "host up and VM down, network mended" 60
      ;;
    *) fail "no case is called $case" ;;
  esac
  [ -z "$(qemu "$vm")" ] || fail "$case: the VM has a QEMU again"
done
api "$socket" DELETE "vms/$vm" > /dev/null
