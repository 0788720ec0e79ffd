#!/usr/bin/env python3
"""A first VM with oVirt's own SDK: made from a template, with a NIC, started, its address shown,
stopped and removed.

    pip install ovirt-engine-sdk-python
    first_vm.py [READY.JSON]        (default: .vireo/ready.json, written by `make run`)
"""
import json
import sys
import time
import uuid

import ovirtsdk4 as sdk
from ovirtsdk4 import types


def wait_for(what, look, seconds=180):
    """Asks again until `look` answers something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.5)
    raise SystemExit('waited %d s for %s in vain' % (seconds, what))


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else '.vireo/ready.json'
    with open(path, encoding='utf-8') as f:
        lab = json.load(f)
    with open(lab['password_file'], encoding='utf-8') as f:
        password = f.read().strip()

    connection = sdk.Connection(
        url=lab['url'] + '/ovirt-engine/api',
        username=lab['user'],
        password=password,
        ca_file=lab['ca_file'],
    )
    system = connection.system_service()
    vms = system.vms_service()

    vm = vms.add(types.Vm(
        name='first-%s' % uuid.uuid4().hex[:8],
        description='made by an example',
        cluster=types.Cluster(name=lab['cluster']),
        template=types.Template(name=lab['template']),
    ))
    service = vms.vm_service(vm.id)
    try:
        wait_for('the disk', lambda: service.get().status == types.VmStatus.DOWN)
        print('made    ', vm.name, vm.id)

        profile = next(p for p in system.vnic_profiles_service().list() if p.name == lab['network'])
        service.nics_service().add(types.Nic(
            name='nic1', vnic_profile=types.VnicProfile(id=profile.id)))
        print('NIC on  ', profile.name)

        service.start()
        wait_for('the VM to be up', lambda: service.get().status == types.VmStatus.UP)
        print('up      ', 'on', connection.follow_link(service.get().host).name)

        def addresses():
            return [ip.address
                    for device in service.reported_devices_service().list()
                    for ip in device.ips or []
                    if ip.version == types.IpVersion.V4 and not ip.address.startswith('127.')]
        print('address ', ', '.join(wait_for('an address', addresses)))

        service.stop()
        wait_for('the VM to be down', lambda: service.get().status == types.VmStatus.DOWN)
        print('stopped')
    finally:
        if service.get().status != types.VmStatus.DOWN:
            service.stop()
            wait_for('the VM to be down', lambda: service.get().status == types.VmStatus.DOWN)
        service.remove()
        wait_for('the VM to be gone', lambda: all(v.id != vm.id for v in vms.list()))
        print('removed')
        connection.close()


if __name__ == '__main__':
    main()
