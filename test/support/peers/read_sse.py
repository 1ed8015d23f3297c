"""Prints the events of a stream as JSON lines; comes back whenever the stream breaks off.

usage: read_sse.py URL
"""

import http.client
import json
import math
import sys
import time
import urllib.parse

url = urllib.parse.urlsplit(sys.argv[1])
last_event_id = ''
retry = 1.0


def read_events(response):
    global last_event_id, retry
    event = {'type': 'message', 'data': [], 'id': ''}
    for line in response:
        if not line.endswith(b'\n'):
            return
        field, _, value = line.decode('utf-8')[:-1].partition(': ')
        if field == '':
            print(json.dumps({
                'type': event['type'],
                'data': '\n'.join(event['data']),
                'lastEventId': event['id'],
            }), flush=True)
            last_event_id = event['id']
            event = {'type': 'message', 'data': [], 'id': ''}
        elif field == 'data':
            event['data'].append(value)
        elif field == 'event':
            event['type'] = value
        elif field == 'id':
            event['id'] = value
        elif field == 'retry':
            retry = int(value) / 1000


given_up_at = math.inf
while True:
    connection = http.client.HTTPConnection(url.hostname, url.port)
    try:
        headers = {'Accept': 'text/event-stream', 'Last-Event-ID': last_event_id}
        connection.request('GET', url.path, headers=headers)
        response = connection.getresponse()
        given_up_at = math.inf
        read_events(response)
    except ConnectionRefusedError:
        # A server that is restarted is back in less than 20 seconds.
        given_up_at = min(given_up_at, time.monotonic() + 20)
        if time.monotonic() > given_up_at:
            sys.exit('there is no server any more')
    except (OSError, http.client.HTTPException):
        pass
    connection.close()
    time.sleep(retry)
