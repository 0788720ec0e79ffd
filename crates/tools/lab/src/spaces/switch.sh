# bash THIS DIR: the switch between the hosts. Bridge `ovirtmgmt` joins the hosts and the
# machine; bridge `internal` joins guests, with addresses by DHCP and no way out.
set -eu
dir=$1
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs /run
hostname switch
ip link set lo up
for b in ovirtmgmt internal; do
  ip link add "$b" type bridge forward_delay 0
  ip link set "$b" up
done
ip address add 192.168.222.1/24 dev internal
dnsmasq --conf-file=/dev/null --keep-in-foreground --port=0 --no-resolv --no-hosts --no-ping --user=root \
  --interface=internal --bind-interfaces --dhcp-authoritative --dhcp-leasefile="$dir/leases" --pid-file= \
  --dhcp-range=192.168.222.10,192.168.222.250,255.255.255.0,12h --dhcp-option=3 --dhcp-option=6 >&2 &
echo hello
# Nobody speaks to a switch; it ends when whoever started it does.
while read -r word; do :; done
