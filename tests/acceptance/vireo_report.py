"""pytest plugin: one JSON line for each test into the file that VIREO_REPORT names."""
import json
import os

_worst = {}
_rank = {'passed': 0, 'skipped': 1, 'failed': 2}


def pytest_runtest_logreport(report):
    name = report.nodeid.split('/')[-1]
    why = ''
    if report.outcome == 'skipped' and isinstance(report.longrepr, tuple):
        why = report.longrepr[2]
    elif report.outcome == 'failed':
        crash = getattr(report.longrepr, 'reprcrash', None)
        why = (crash.message if crash else str(report.longrepr)).splitlines()[0][:300]
    before = _worst.get(name, ('passed', ''))
    if _rank[report.outcome] > _rank[before[0]]:
        before = (report.outcome, why)
    _worst[name] = before
    if report.when == 'teardown':
        with open(os.environ['VIREO_REPORT'], 'a', encoding='utf-8') as out:
            out.write(json.dumps({'id': name, 'outcome': before[0], 'why': before[1]}) + '\n')
