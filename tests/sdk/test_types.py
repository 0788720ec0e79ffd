"""Every type of the API through oVirt's own Python SDK: what we write it reads, what it writes we
read, and nothing is lost on the way.

Needs the SDK (ovirt-engine-sdk-python 4.6.3) and the example `api-echo` of the crate `api-v4`;
API_ECHO is its path.
"""
import json
import os
import re
import subprocess

import pytest

sdk = pytest.importorskip('ovirtsdk4', reason='ovirt-engine-sdk-python is not installed')
import ovirtsdk4.readers  # noqa: E402,F401 registers the readers
import ovirtsdk4.writers  # noqa: E402,F401 registers the writers
from ovirtsdk4.reader import Reader  # noqa: E402
from ovirtsdk4.writer import Writer  # noqa: E402

ECHO = os.environ.get('API_ECHO')
if not ECHO:
    pytest.skip('API_ECHO is not set', allow_module_level=True)

SEEDS = range(int(os.environ.get('API_ECHO_SEEDS', '4')))


def echo(*words, body=''):
    done = subprocess.run([ECHO, *words], input=body.encode(), capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


TYPES = [line.split() for line in echo('types').splitlines()]


def with_legal_ids(document):
    """The root has no id, the id of a VLAN is a number, the id of a login method is a word."""
    for tag, identity in (('api', ''), ('vlan', ' id="7"'), ('method', ' id="guest_agent"')):
        document = re.sub(r'(<%s(?: href="[^"]*")?) id="[^"]*"' % tag, r'\1' + identity, document)
    return document


def test_the_sdk_knows_the_same_types():
    ours = {name: tag for name, tag, _ in TYPES}
    theirs = {name for name, of in vars(sdk.types).items()
              if isinstance(of, type) and issubclass(of, sdk.Struct)}
    assert set(ours) == theirs - {'Struct'}


@pytest.mark.parametrize('name, tag, list_tag', TYPES, ids=[t[0] for t in TYPES])
def test_nothing_is_lost_in_the_sdk(name, tag, list_tag):
    for seed in SEEDS:
        ours = with_legal_ids(echo('fill', tag, str(seed)))
        read = Reader.read(ours)
        assert type(read).__name__ == name
        theirs = Writer.write(read, root=tag)
        assert echo('echo', tag, 'xml', 'xml', body=theirs) == ours
        as_json = echo('echo', tag, 'xml', 'json', body=ours)
        json.loads(as_json)
        assert echo('echo', tag, 'json', 'xml', body=as_json) == ours


@pytest.mark.parametrize('name, tag, list_tag', TYPES, ids=[t[0] for t in TYPES])
def test_the_sdk_reads_lists_by_their_tags(name, tag, list_tag):
    read = Reader.read('<%s><%s/><%s/></%s>' % (list_tag, tag, tag, list_tag))
    assert [type(item).__name__ for item in read] == [name, name]
