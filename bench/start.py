#!/usr/bin/env python3
"""How long from the call to a running QEMU: the API's start against `virsh create` of the same XML on
the same libvirtd, interleaved.

    start.py READY.JSON VIREO-LAB [PAIRS]       (a lab of VIREO_HOME must run; root)

Both are timed the same way: from just before the call to libvirt's own "Started" event.
"""
import base64
import json
import queue
import re
import ssl
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
import uuid


class Api:
    def __init__(self, lab):
        self.base = lab['url'] + '/ovirt-engine/api/'
        self.context = ssl.create_default_context(cafile=lab['ca_file'])
        with open(lab['password_file'], encoding='utf-8') as f:
            login = '%s:%s' % (lab['user'], f.read().strip())
        self.login = 'Basic ' + base64.b64encode(login.encode()).decode()

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            self.base + path, method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={'Authorization': self.login, 'Accept': 'application/json',
                     'Content-Type': 'application/json'})
        with urllib.request.urlopen(request, context=self.context, timeout=120) as answer:
            return json.loads(answer.read() or b'{}')

    def wait_status(self, vm, status):
        end = time.monotonic() + 180
        while self.call('GET', 'vms/' + vm)['status'] != status:
            if time.monotonic() > end:
                raise SystemExit('VM %s is not %s' % (vm, status))
            time.sleep(0.05)


def on_host(program, words, **kwargs):
    return subprocess.run([program, 'on', 'host1', '--'] + words, check=True, text=True,
                          stdout=subprocess.PIPE, **kwargs).stdout


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
    api.wait_status(vm, 'down')
    events = Events(program)
    virsh = ['virsh', '-q', '-c', 'qemu:///system']
    # Once for warmth, and for the XML.
    api.call('POST', 'vms/%s/start' % vm, {})
    events.wait(name)
    xml = on_host(program, virsh + ['dumpxml', vm])
    api.call('POST', 'vms/%s/stop' % vm, {})
    api.wait_status(vm, 'down')
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
        api.wait_status(vm, 'down')
        begun = time.monotonic()
        subprocess.run([program, 'on', 'host1', '--'] + virsh + ['create', '/dev/stdin'], check=True,
                       input=xml, text=True, stdout=subprocess.DEVNULL)
        theirs.append(events.wait(twin) - begun)
        on_host(program, virsh + ['destroy', twin])
    events.close()
    api.call('DELETE', 'vms/' + vm)

    def row(what, values):
        ms = sorted(v * 1000 for v in values)
        print('| %s | %.0f | %.0f | %.0f |' % (what, statistics.median(ms), ms[0], ms[-1]))
    print('| what, ms | median | min | max |')
    print('|---|---|---|---|')
    row('API start call answered', [a for _, a in ours])
    row('API start call to QEMU running', [r for r, _ in ours])
    row('virsh create to QEMU running', theirs)
    mine, other = (statistics.median(v) * 1000 for v in ([r for r, _ in ours], theirs))
    limit = max(other * 1.10, other + 50)
    print('\nAPI %.0f ms, virsh %.0f ms: %.2f times, %+.0f ms; promised at most %.0f ms: %s' % (
        mine, other, mine / other, mine - other, limit, 'kept' if mine <= limit else 'BROKEN'))
    return 0 if mine <= limit else 1


if __name__ == '__main__':
    sys.exit(main())
