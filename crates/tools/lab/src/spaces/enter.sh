# bash -c THIS NAME GROUP SCRIPT ARGUMENT...: joins control groups named GROUP, then runs the file SCRIPT as the
# first process of new namespaces. libvirt without systemd puts guests below the root of each hierarchy
# that it sees, the same for every daemon: so each host gets a root of its own.
set -eu
group=$1 script=$2
shift 2
for c in /sys/fs/cgroup/*/; do
  [ -e "$c/cgroup.procs" ] || continue
  # Of version 2 every directory here is a group of somebody else's.
  [ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ] && break
  mkdir -p "$c$group" 2>/dev/null || continue
  for f in cpuset.cpus cpuset.mems; do
    if [ -f "$c$f" ]; then cat "$c$f" > "$c$group/$f"; fi
  done
  echo $$ > "$c$group/cgroup.procs" || true
done
if [ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ]; then
  mkdir -p "/sys/fs/cgroup/$group"
  echo $$ > "/sys/fs/cgroup/$group/cgroup.procs"
fi
exec unshare --net --mount --uts --ipc --cgroup --pid --fork --kill-child --mount-proc \
  bash "$script" "$@"
