#!/bin/bash
# A first VM with curl and JSON: made from a template, with a NIC, started, its address shown, stopped
# and removed.
#
#   first-vm.sh [READY.JSON]      (default: .vireo/ready.json, written by `make run`)
#
# Needs curl and python3 (which reads the JSON).
set -euo pipefail

ready=${1:-.vireo/ready.json}
# What a JSON document says at a path such as `vm.0.name`; nothing where it says nothing.
json() {
  python3 -c '
import json, sys
value = json.load(sys.stdin)
for part in sys.argv[1].split("."):
    try:
        value = value[int(part) if part.isdigit() else part]
    except (KeyError, IndexError, TypeError):
        sys.exit()
print(value)' "$1"
}
of_lab() { json "$1" < "$ready"; }

api=$(of_lab url)/ovirt-engine/api
# curl reads user and password from a file, so that no list of processes shows them.
login=$(mktemp)
trap 'rm -f "$login"' EXIT
printf 'user = "%s:%s"\n' "$(of_lab user)" "$(cat "$(of_lab password_file)")" > "$login"

call() { # METHOD PATH [BODY]
  curl --silent --show-error --fail-with-body --cacert "$(of_lab ca_file)" --config "$login" \
    --header 'Accept: application/json' --header 'Content-Type: application/json' \
    --request "$1" "$api/$2" ${3:+--data "$3"}
}

# Asks again until a JSON path of an entity has a value.
wait_for() { # PATH JSON-PATH VALUE
  for _ in $(seq 360); do
    [ "$(call GET "$1" | json "$2")" = "$3" ] && return
    sleep 0.5
  done
  echo "waited in vain for $2 of $1 to be $3" >&2
  return 1
}

name=first-$(od -An -N4 -tx4 /dev/urandom | tr -d ' ')
vm=$(call POST vms "{\"name\": \"$name\", \"description\": \"made by an example\",
  \"cluster\": {\"name\": \"$(of_lab cluster)\"}, \"template\": {\"name\": \"$(of_lab template)\"}}" | json id)
remove() {
  if [ "$(call GET "vms/$vm" | json status)" != down ]; then
    call POST "vms/$vm/stop" '{}' > /dev/null
    wait_for "vms/$vm" status down
  fi
  call DELETE "vms/$vm" > /dev/null
  rm -f "$login"
  echo "removed"
}
trap remove EXIT
wait_for "vms/$vm" status down
echo "made     $name $vm"

profile=$(call GET vnicprofiles | python3 -c '
import json, sys
print(next(p["id"] for p in json.load(sys.stdin)["vnic_profile"] if p["name"] == sys.argv[1]))' "$(of_lab network)")
call POST "vms/$vm/nics" "{\"name\": \"nic1\", \"vnic_profile\": {\"id\": \"$profile\"}}" > /dev/null
echo "NIC on   $(of_lab network)"

call POST "vms/$vm/start" '{}' > /dev/null
wait_for "vms/$vm" status up
echo "up       on $(call GET "hosts/$(call GET "vms/$vm" | json host.id)" | json name)"

address=
for _ in $(seq 120); do
  address=$(call GET "vms/$vm/reporteddevices" | python3 -c '
import json, sys
for device in json.load(sys.stdin).get("reported_device", []):
    for ip in device.get("ips", {}).get("ip", []):
        if ip["version"] == "v4" and not ip["address"].startswith("127."):
            print(ip["address"])')
  [ -n "$address" ] && break
  sleep 0.5
done
[ -n "$address" ] || { echo "the guest agent told no address" >&2; exit 1; }
echo "address  $address"

call POST "vms/$vm/stop" '{}' > /dev/null
wait_for "vms/$vm" status down
echo "stopped"
