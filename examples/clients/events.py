"""Prints the file events of a dev server, one per line. Standard library only.

usage: python3 events.py [http://localhost:3000]
"""

import json
import sys
import urllib.request

server = sys.argv[1] if len(sys.argv) > 1 else 'http://localhost:3000'
request = urllib.request.Request(f'{server}/events', headers={'Accept': 'text/event-stream'})

event = None
with urllib.request.urlopen(request) as stream:
    for line in stream:
        field, _, value = line.decode().rstrip('\n').partition(': ')
        if field == 'event':
            event = value
        elif field == 'data' and event is None:  # changes have no name, positions do
            change = json.loads(value)
            if change['type'] == 'event':  # there are reloads by hand, too
                print(change['operation'], change['path'], flush=True)
        elif field == '':
            event = None
