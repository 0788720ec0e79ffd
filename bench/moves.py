#!/usr/bin/env python3
"""What the engine costs on top of libvirt when something moves under a running machine, interleaved.

    moves.py READY.JSON VIREO-LAB [PAIRS] [MOVES]       (a lab with HOSTS=2 must run; root)

Beside each machine of the engine runs a twin that it does not know, with the same XML and a disk of its
own on the same storage. Machines go to the other host and back: the API's migration, from the call until
the API shows the machine up there, against `virsh migrate` of the twin with the same flags, from the
command to its end. Disks go to the other storage domain and back: the API's move, from the call until the
disk is ok there, against the same calls of libvirt and qemu-img one after the other, with the same options
and the same care that the copy is on the disk.
"""
import json
import os
import re
import sys
import tempfile
import time
import uuid

sys.dont_write_bytecode = True
from lab import Api, bash, head, row, verdict, virsh  # noqa: E402

MIB = 1 << 20
# A guest without an agent is up a minute after its start.
RUNS = ('powering_up', 'up')
# hlt; jmp back: a guest that lives and does nothing.
BOOT_SECTOR = b'\xf4\xeb\xfd'.ljust(510, b'\0') + b'\x55\xaa'


class Bench:
    def __init__(self, lab, home, program):
        self.lab, self.home, self.program = lab, home, program
        self.api = Api(lab)
        self.hosts = {self.api.named('hosts', name): name for name in lab['hosts'][:2]}
        self.domains = [self.api.named('storagedomains', name) for name in lab['storage_domains'][:2]]
        if len(self.hosts) < 2 or len(self.domains) < 2:
            raise SystemExit('expected a lab with two hosts and two storage domains (HOSTS=2)')
        self.address = {id: self.api.call('GET', 'hosts/' + id)['address'] for id in self.hosts}
        self.virsh = {id: virsh(program, name) for id, name in self.hosts.items()}
        self.bash = bash(program, lab['hosts'][0])
        self.mount = {id: self.bash.ask('echo /run/vireo/data-center/mnt/*/' + id).strip() for id in self.domains}

    def file(self):
        """A file that hosts see, gone when it is closed."""
        return tempfile.NamedTemporaryFile(dir=self.home)

    def other(self, of, all_of):
        (other,) = [it for it in all_of if it != of]
        return other

    def where(self, vm):
        return self.api.call('GET', 'vms/' + vm)['host']['id']

    def close(self):
        for shell in [self.bash, *self.virsh.values()]:
            shell.close()


class Pair:
    """A machine of the engine with a disk of `mib` MiB, `filled` of them written, and its twin."""

    def __init__(self, bench, mib, filled):
        self.bench, api = bench, bench.api
        self.name = 'bench-' + uuid.uuid4().hex[:8]
        self.disk = api.call('POST', 'disks', {
            'name': self.name, 'provisioned_size': mib * MIB, 'format': 'raw', 'sparse': 'true',
            'storage_domains': {'storage_domain': [{'id': bench.domains[0]}]}})['id']
        api.wait_status('disks/' + self.disk, 'ok')
        self.vm = api.call('POST', 'vms', {'name': self.name, 'cluster': {'name': bench.lab['cluster']},
                                           'template': {'name': 'Blank'}, 'memory': 256 * MIB})['id']
        api.wait_status('vms/' + self.vm, 'down')
        api.call('POST', 'vms/%s/diskattachments' % self.vm, {
            'disk': {'id': self.disk}, 'bootable': 'true', 'active': 'true', 'interface': 'virtio'})
        domain = bench.domains[0]
        self.twin = 'twin-' + self.name
        self.place = {id: '%s/%s' % (mount, self.twin) for id, mount in bench.mount.items()}
        for place in self.place.values():
            bench.bash.ask('mkdir ' + place)
        images = '%s/images/%s' % (bench.mount[domain], self.disk)
        (volume,) = [name for name in bench.bash.ask('ls ' + images).split() if '.' not in name]
        with bench.file() as f:
            f.write(BOOT_SECTOR)
            chunk = os.urandom(min(filled, 64) * MIB)
            for n in range(0, filled, 64):
                f.seek(max(n * MIB, 4096))
                f.write(chunk)
            f.truncate(mib * MIB)
            f.flush()
            for to in (images + '/' + volume, self.place[domain] + '/base'):
                bench.bash.ask('cp --sparse=always %s %s' % (f.name, to))
        api.call('POST', 'vms/%s/start' % self.vm, {})
        api.wait('vms/' + self.vm, lambda it: it['status'] in RUNS)
        self.twin_host, self.twin_domain = bench.where(self.vm), domain
        shell = bench.virsh[self.twin_host]
        xml = shell.ask('dumpxml ' + self.vm)
        source, = re.findall(r"<source file='([^']*%s[^']*)'" % self.disk, xml)
        xml = re.sub(r'<metadata>.*?</metadata>', '', xml.replace(source, self.place[domain] + '/base'), flags=re.S)
        xml = xml.replace(self.vm, str(uuid.uuid4()))
        xml = xml.replace('<name>%s</name>' % self.name, '<name>%s</name>' % self.twin)
        # The console listens on an address that the other host has, too.
        xml = xml.replace(bench.address[self.twin_host], '0.0.0.0')
        with bench.file() as f:
            f.write(xml.encode())
            f.flush()
            shell.ask('create ' + f.name)

    def remove(self):
        bench = self.bench
        bench.virsh[self.twin_host].ask('destroy ' + self.twin)
        for place in self.place.values():
            bench.bash.ask('rm -r ' + place)
        bench.api.call('POST', 'vms/%s/stop' % self.vm, {})
        bench.api.wait_status('vms/' + self.vm, 'down')
        bench.api.call('DELETE', 'vms/' + self.vm)

    def migrate(self):
        """Milliseconds: until the answer, until it is up there, downtime."""
        api, vm = self.bench.api, self.vm
        to = self.bench.other(self.bench.where(vm), self.bench.hosts)
        begun = time.monotonic()
        api.call('POST', 'vms/%s/migrate' % vm, {'host': {'id': to}})
        answered = time.monotonic()
        api.wait('vms/' + vm, lambda it: it['status'] in RUNS and it['host']['id'] == to, every=0.05)
        done = time.monotonic()
        return (answered - begun) * 1000, (done - begun) * 1000, self.downtime(to, vm)

    def migrate_twin(self):
        """Milliseconds: until it is there, downtime."""
        to = self.bench.other(self.twin_host, self.bench.hosts)
        address = self.bench.address[to]
        order = 'migrate --live --p2p --abort-on-error --auto-converge --migrateuri tcp://%s %s qemu+tcp://%s/system'
        begun = time.monotonic()
        self.bench.virsh[self.twin_host].ask(order % (address, self.twin, address))
        done = time.monotonic()
        self.twin_host = to
        return (done - begun) * 1000, self.downtime(to, self.twin)

    def downtime(self, host, domain):
        told = self.bench.virsh[host].ask('domjobinfo --completed ' + domain)
        value, unit = re.search(r'Total downtime:\s+([0-9.]+)\s+(\w+)', told).groups()
        return float(value) * {'ms': 1, 's': 1000}[unit]

    def move(self):
        """Milliseconds until the disk is ok on the other domain."""
        bench, path = self.bench, 'disks/' + self.disk

        def at(disk):
            return disk['storage_domains']['storage_domain'][0]['id']
        source = at(bench.api.call('GET', path))
        to = bench.other(source, bench.domains)
        begun = time.monotonic()
        bench.api.call('POST', path + '/move', {'storage_domain': {'id': to}})
        bench.api.wait(path, lambda it: it['status'] == 'ok' and at(it) == to, every=0.02)
        done = time.monotonic()
        # The old files go afterwards.
        bench.bash.ask('while [ -e %s/images/%s ]; do sleep 0.05; done' % (bench.mount[source], self.disk))
        return (done - begun) * 1000

    def move_twin(self):
        """Milliseconds of the whole, and of its parts by name."""
        to = self.bench.other(self.twin_domain, self.bench.domains)
        here, there = self.place[self.twin_domain], self.place[to]
        shell, run, twin = self.bench.virsh[self.twin_host], self.bench.bash, self.twin
        bytes = run.ask('stat -c %%s %s/base' % here).strip()
        layer = 'qemu-img create -q -f qcow2 -o compat=1.1 -u -F raw -b base %%s/layer %s' % bytes
        parts = {}
        begun = last = time.monotonic()

        def part(name):
            nonlocal last
            now = time.monotonic()
            parts[name] = (now - last) * 1000
            last = now

        def ready():
            while not re.search(r"<mirror .*ready='yes'", shell.ask('dumpxml ' + twin)):
                time.sleep(0.005)
        run.ask(layer % here)
        shell.ask('snapshot-create-as %s --no-metadata --disk-only --atomic --reuse-external '
                  '--diskspec vda,file=%s/layer,driver=qcow2' % (twin, here))
        part('snapshot')
        run.ask('qemu-img create -q -f raw %s/base %s' % (there, bytes))
        run.ask('qemu-img convert -q -t none -W -n --target-is-zero -O raw -f raw %s/base %s/base' % (here, there))
        run.ask('sync %s/base' % there)
        part('copy of the base')
        run.ask(layer % there)
        shell.ask('blockcopy %s vda --dest %s/layer --format qcow2 --shallow --reuse-external --transient-job '
                  '--synchronous-writes' % (twin, there))
        ready()
        part('shallow copy')
        shell.ask('blockjob %s vda --pivot' % twin)
        part('pivot')
        shell.ask('blockcommit %s vda --active --top %s/layer --base %s/base' % (twin, there, there))
        ready()
        shell.ask('blockjob %s vda --pivot' % twin)
        run.ask('rm %s/layer' % there)
        part('commit')
        done = time.monotonic()
        run.ask('rm %s/base %s/layer' % (here, here))
        self.twin_domain = to
        return (done - begun) * 1000, parts


def migrations(bench, pairs):
    pair = Pair(bench, 1, 1)
    # Once for warmth.
    pair.migrate(), pair.migrate_twin()
    ours, theirs = [], []
    for _ in range(pairs):
        ours.append(pair.migrate())
        theirs.append(pair.migrate_twin())
    pair.remove()
    answered, there, downtime = zip(*ours)
    bare, bare_downtime = zip(*theirs)
    head('ms')
    row('API migrate call answered', answered)
    row('API migrate call to up on the other host', there)
    row('virsh migrate --p2p --live', bare)
    row('downtime, API', downtime, 1)
    row('downtime, virsh', bare_downtime, 1)
    kept = verdict(('API migration', 'virsh'), there, bare, 1.05, 100)
    return verdict(('downtime: API', 'virsh'), downtime, bare_downtime, 1.10, 30) and kept


def moves(bench, rounds):
    pair = Pair(bench, 4096, 2048)
    # The engine moves disks of machines that are up.
    bench.api.wait_status('vms/' + pair.vm, 'up')
    ours, theirs, parts = [], [], {}
    for _ in range(rounds):
        ours.append(pair.move())
        whole, of = pair.move_twin()
        theirs.append(whole)
        for name, ms in of.items():
            parts.setdefault(name, []).append(ms)
    pair.remove()
    print()
    head('ms')
    row('API move call to the disk ok on the other domain', ours)
    row("the same calls of libvirt's and qemu-img", theirs)
    for name, ms in parts.items():
        row('of these: ' + name, ms)
    return verdict(('API move', 'bare calls'), ours, theirs, 1.15, 200)


def main():
    with open(sys.argv[1], encoding='utf-8') as f:
        lab = json.load(f)
    home = os.path.dirname(os.path.abspath(sys.argv[1]))
    pairs = int(sys.argv[3]) if len(sys.argv) > 3 else 20
    rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 5
    bench = Bench(lab, home, sys.argv[2])
    kept = migrations(bench, pairs) if pairs else True
    kept = (moves(bench, rounds) if rounds else True) and kept
    bench.close()
    return 0 if kept else 1


if __name__ == '__main__':
    sys.exit(main())
