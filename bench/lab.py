"""What the measurements share: the lab's API, programs on its hosts, tables."""
import http.client
import json
import select
import ssl
import statistics
import subprocess
import time
import urllib.parse


class Api:
    """The engine's API in JSON, over one connection: only what is asked costs time."""

    def __init__(self, lab):
        where = urllib.parse.urlsplit(lab['url'])
        context = ssl.create_default_context(cafile=lab['ca_file'])
        self.connection = http.client.HTTPSConnection(where.hostname, where.port, context=context, timeout=120)
        self.used = time.monotonic()
        with open(lab['password_file'], encoding='utf-8') as f:
            password = f.read().strip()
        # As SDKs do it: a password costs a slow hash, a token does not.
        form = {'grant_type': 'password', 'scope': 'ovirt-app-api', 'username': lab['user'], 'password': password}
        self.headers = {'Accept': 'application/json', 'Content-Type': 'application/x-www-form-urlencoded'}
        token = self.send('POST', '/ovirt-engine/sso/oauth/token', urllib.parse.urlencode(form))
        self.headers = {'Accept': 'application/json', 'Content-Type': 'application/json',
                        'Authorization': 'Bearer ' + token['access_token']}

    def call(self, method, path, body=None):
        return self.send(method, '/ovirt-engine/api/' + path, None if body is None else json.dumps(body))

    def send(self, method, path, body):
        if time.monotonic() - self.used > 10:
            # The engine closes a connection that nobody uses.
            self.connection.close()
        self.connection.request(method, path, body, self.headers)
        answer = self.connection.getresponse()
        text = answer.read()
        self.used = time.monotonic()
        if answer.status >= 300:
            raise SystemExit('%s %s: %s %s' % (method, path, answer.status, text.decode()))
        return json.loads(text or b'{}')

    def wait(self, path, wanted, every=0.05):
        """Asks until the object is as wanted; answers it."""
        end = time.monotonic() + 180
        while True:
            found = self.call('GET', path)
            if wanted(found):
                return found
            if time.monotonic() > end:
                raise SystemExit('%s does not become what it should: %s' % (path, json.dumps(found)))
            time.sleep(every)

    def wait_status(self, path, status):
        return self.wait(path, lambda it: it['status'] == status)

    def named(self, kind, name):
        """The id of the object with that name."""
        (found,) = [it for listed in self.call('GET', kind).values() for it in listed if it['name'] == name]
        return found['id']


class Shell:
    """A program on a host that reads commands, one a line: `virsh` and `bash` start once, so that only their
    work costs time."""

    def __init__(self, program, host, words):
        self.process = subprocess.Popen([program, 'on', host, '--'] + words, bufsize=0,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.number = 0

    def ask(self, line):
        """What the command says; one that fails ends the measurement."""
        self.number += 1
        mark = 'done-%d' % self.number
        self.process.stdin.write(('%s\necho %s\n' % (line, mark)).encode())
        told = ''
        # virsh repeats what it reads behind its prompt, and ends its echo with the next prompt.
        while not told.endswith((mark + 'virsh # ', '\n%s\n' % mark)) and told != mark + '\n':
            ready, _, _ = select.select([self.process.stdout], [], [], 300)
            piece = self.process.stdout.read(65536) if ready else b''
            if not piece:
                raise SystemExit('%s: no answer: %s' % (line, told))
            told += piece.decode()
        if 'error:' in told:
            raise SystemExit('%s: %s' % (line, told))
        lines = [word for word in told.splitlines(keepends=True)[:-1] if 'virsh # ' not in word]
        return ''.join(lines[1:] if lines[:1] == [line + '\n'] else lines)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def virsh(program, host):
    return Shell(program, host, ['virsh', '-q', '-c', 'qemu:///system'])


def bash(program, host):
    shell = Shell(program, host, ['bash'])
    shell.ask("trap 'echo error: it failed' ERR")
    return shell


def on_host(program, words, host='host1', **kwargs):
    return subprocess.run([program, 'on', host, '--'] + words, check=True, text=True,
                          stdout=subprocess.PIPE, **kwargs).stdout


def head(unit):
    print('| what, %s | median | min | max |\n|---|---|---|---|' % unit)


def row(what, values, places=0):
    cells = ('%.*f' % (places, v) for v in (statistics.median(values), min(values), max(values)))
    print('| %s | %s |' % (what, ' | '.join(cells)), flush=True)


def verdict(names, ours, theirs, times, more):
    """Compares medians in ms: at most `times` as much, or `more` ms more, whichever is larger."""
    mine, other = statistics.median(ours), statistics.median(theirs)
    limit = max(other * times, other + more)
    kept = mine <= limit
    print('\n%s %.0f ms, %s %.0f ms: %.2f times, %+.0f ms; promised at most %.0f ms: %s' % (
        names[0], mine, names[1], other, mine / other, mine - other, limit, 'kept' if kept else 'BROKEN'), flush=True)
    return kept
