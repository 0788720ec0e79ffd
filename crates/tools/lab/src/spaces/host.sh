# bash THIS NAME DIR AGENT: a host, with libvirt and QEMU of its own. Words on standard input:
#   libvirt   start virtlogd and libvirtd; answers `libvirt` when they do
#   agent     run the agent AGENT from DIR/agent, again whenever it ends; answers `agent`
set -eu
name=$1 dir=$2 agent=$3
hostname "$name"
mount --make-rprivate /

# Control groups as seen from this host's own root.
unified=$([ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ] && echo yes || echo no)
controllers=$(awk 'NR > 1 && $2 != 0 && $4 == 1 { print $1 }' /proc/cgroups)
mount -t sysfs sysfs /sys
if [ "$unified" = yes ]; then
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  # A group that hands out controllers may not hold processes itself.
  mkdir -p /sys/fs/cgroup/init
  echo 1 > /sys/fs/cgroup/init/cgroup.procs
  for c in $(cat /sys/fs/cgroup/cgroup.controllers); do
    echo "+$c" > /sys/fs/cgroup/cgroup.subtree_control || true
  done
else
  mount -t tmpfs -o mode=755 tmpfs /sys/fs/cgroup
  for c in $controllers; do
    mkdir -p "/sys/fs/cgroup/$c"
    mount -t cgroup -o "$c" cgroup "/sys/fs/cgroup/$c" 2>/dev/null || rmdir "/sys/fs/cgroup/$c"
  done
fi

mount -t tmpfs -o mode=755 tmpfs /run
# libvirt forgets a shared file system of its settings that is not there when it starts.
mkdir -p /run/lock /run/libvirt /run/vireo/data-center
for d in etc/libvirt var/lib/libvirt var/log/libvirt var/cache/libvirt; do
  mount --bind "$dir/$d" "/$d"
done
mount --bind "$dir/etc/hosts" /etc/hosts
ip link set lo up

libvirt_start() {
  virtlogd -d
  ( while :; do libvirtd --listen >&2 || true; sleep 1; done ) &
  local tries=0
  # libvirtd tells nobody that it listens; whoever connects before it does is refused.
  until virsh -q -c qemu:///system version > /dev/null 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -gt 300 ]; then echo "failed: libvirtd does not answer"; return 1; fi
    sleep 0.1
  done
  echo libvirt
}

agent_start() {
  # Agents of several hosts are one program; whoever tells one where to die must be able to tell them apart.
  if [ -n "${VIREO_FAILPOINTS:-}" ]; then
    export VIREO_FAILPOINTS="$VIREO_FAILPOINTS/$name"
    mkdir -p "$VIREO_FAILPOINTS"
  fi
  ( while :; do "$agent" run --home "$dir/agent" >> "$dir/agent.log" 2>&1 || true; sleep 1; done ) &
  echo agent
}

echo hello
while read -r word; do
  case $word in
    libvirt) libvirt_start;;
    agent) agent_start;;
  esac
done
