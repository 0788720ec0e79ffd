#!/usr/bin/env python3
"""How long from the call to a running QEMU: the API's start against `virsh create` of the same XML on
the same libvirtd, interleaved.

    start.py READY.JSON VIREO-LAB [PAIRS]       (a lab of VIREO_HOME must run; root)

Both are timed the same way: from just before the call to libvirt's own "Started" event.
"""
import json
import queue
import re
import subprocess
import sys
import threading
import time
import uuid

sys.dont_write_bytecode = True
from lab import Api, head, on_host, row, verdict  # noqa: E402


class Events:
    """When libvirt says that a domain has started."""

    def __init__(self, program):
        self.process = subprocess.Popen(
            [program, 'on', 'host1', '--', 'stdbuf', '-oL', 'virsh', '-c', 'qemu:///system', 'event', '--event',
             'lifecycle', '--loop'], stdout=subprocess.PIPE, text=True)
        self.started = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            found = re.search(r"domain '?([^' ]+)'?: Started", line)
            if found:
                self.started.put((found.group(1), time.monotonic()))

    def wait(self, name):
        while True:
            who, when = self.started.get(timeout=60)
            if who == name:
                return when

    def close(self):
        self.process.terminate()
        self.process.wait()


def main():
    with open(sys.argv[1], encoding='utf-8') as f:
        lab = json.load(f)
    program = sys.argv[2]
    pairs = int(sys.argv[3]) if len(sys.argv) > 3 else 20
    api = Api(lab)
    name = 'bench-' + uuid.uuid4().hex[:8]
    vm = api.call('POST', 'vms', {'name': name, 'cluster': {'name': lab['cluster']},
                                  'template': {'name': lab['template']}})['id']
    api.wait_status('vms/' + vm, 'down')
    events = Events(program)
    virsh = ['virsh', '-q', '-c', 'qemu:///system']
    # Once for warmth, and for the XML.
    api.call('POST', 'vms/%s/start' % vm, {})
    events.wait(name)
    xml = on_host(program, virsh + ['dumpxml', vm])
    api.call('POST', 'vms/%s/stop' % vm, {})
    api.wait_status('vms/' + vm, 'down')
    # Another name and id, and none of our marks: a machine of somebody else's.
    twin = 'twin-' + uuid.uuid4().hex[:8]
    xml = xml.replace(vm, str(uuid.uuid4())).replace('<name>%s</name>' % name, '<name>%s</name>' % twin)
    xml = re.sub(r'<metadata>.*?</metadata>', '', xml, flags=re.S)

    ours, theirs = [], []
    for _ in range(pairs):
        begun = time.monotonic()
        api.call('POST', 'vms/%s/start' % vm, {})
        answered = time.monotonic()
        ours.append((events.wait(name) - begun, answered - begun))
        api.call('POST', 'vms/%s/stop' % vm, {})
        api.wait_status('vms/' + vm, 'down')
        begun = time.monotonic()
        subprocess.run([program, 'on', 'host1', '--'] + virsh + ['create', '/dev/stdin'], check=True,
                       input=xml, text=True, stdout=subprocess.DEVNULL)
        theirs.append(events.wait(twin) - begun)
        on_host(program, virsh + ['destroy', twin])
    events.close()
    api.call('DELETE', 'vms/' + vm)

    answered, running = ([v * 1000 for v in values] for values in ([a for _, a in ours], [r for r, _ in ours]))
    theirs = [v * 1000 for v in theirs]
    head('ms')
    row('API start call answered', answered)
    row('API start call to QEMU running', running)
    row('virsh create to QEMU running', theirs)
    return 0 if verdict(('API', 'virsh'), running, theirs, 1.10, 50) else 1


if __name__ == '__main__':
    sys.exit(main())
