# One PostgreSQL server for tests, in a directory of its own, on a socket there.
#
#   sh -c "$(cat postgres.sh)" postgres.sh BIN DIRECTORY
#
# Orders come on standard input, one a line, and are answered by a line: `done`, or what went wrong.
# When the orders end, however the tests ended, the server is stopped and its directory removed.
set -u
trap '' INT TERM HUP
bin=$1 dir=$2
cd "$dir" || exit 1
# The server refuses to run as root.
if [ "$(id -u)" = 0 ]; then
  chown postgres "$dir"
  as() { runuser -u postgres -- "$@"; }
else
  as() { "$@"; }
fi
init() {
  as "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync &&
    cat >> "$dir/data/postgresql.conf" <<END
listen_addresses = ''
unix_socket_directories = '$dir'
shared_buffers = 16MB
max_connections = 100
fsync = off
END
}
start() { as "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 120 start; }
stop() { as "$bin/pg_ctl" -D "$dir/data" -w -t 120 -m "$1" stop; }
while read -r order how; do
  case $order in
    init) init;;
    start) start;;
    stop) stop "$how";;
  esac > "$dir/said" 2>&1 < /dev/null && echo done || tr '\n' ' ' < "$dir/said" | sed 's/$/\n/'
done
[ -f "$dir/data/postmaster.pid" ] && stop immediate > /dev/null 2>&1
cd /
rm -rf "$dir"
