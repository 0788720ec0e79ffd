# Sourced by the scripts beside it: speaking with the engine of the lab that runs in $VIREO_HOME.

socket=$VIREO_HOME/engine/operator.sock

fail() { echo "$*" >&2; exit 1; }
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
of_lab() { json "$1" < "$VIREO_HOME/ready.json"; }
api() { # SOCKET METHOD PATH [BODY]
  curl --silent --show-error --unix-socket "$1" --header 'Accept: application/json' \
    --header 'Content-Type: application/json' --request "$2" \
    "http://localhost/ovirt-engine/api/$3" ${4:+--data "$4"}
}
wait_for() { # SOCKET PATH JSON-PATH VALUES [SECONDS]
  local said until=$((SECONDS + ${5:-180}))
  while [ "$SECONDS" -lt "$until" ]; do
    said=$(api "$1" GET "$2" 2> /dev/null | json "$3" 2> /dev/null || true)
    case " $4 " in *" $said "*) [ -z "$said" ] || return 0 ;; esac
    sleep 0.2
  done
  fail "waited ${5:-180} s in vain for $3 of $2 to be $4; it is $said"
}
made() { # SOCKET NAME
  local vm
  vm=$(api "$1" POST vms "{\"name\": \"$2\", \"cluster\": {\"name\": \"$(of_lab cluster)\"},
    \"template\": {\"name\": \"$(of_lab template)\"}}" | json id)
  wait_for "$1" "vms/$vm" status down
  echo "$vm"
}
started() { # SOCKET VM
  api "$1" POST "vms/$2/start" '{}' > /dev/null
  wait_for "$1" "vms/$2" status 'powering_up up'
}
qemu() { pgrep -f "qemu-system.*$1" || true; }
