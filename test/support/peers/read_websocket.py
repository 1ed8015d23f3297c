"""Prints the messages of a WebSocket as JSON lines; comes back whenever the socket breaks off.

usage: read_websocket.py URL [SUBPROTOCOL]

With the subprotocol the messages are envelopes and the socket is resumed; without it they are
the bare data of events. RFC 6455 with nothing but the standard library.
"""

import base64
import hashlib
import json
import math
import os
import socket
import sys
import time
import urllib.parse

GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10

url = urllib.parse.urlsplit(sys.argv[1])
subprotocol = sys.argv[2] if len(sys.argv) > 2 else None
last_event_id = ''


class Ended(Exception):
    pass


def read(stream, count):
    data = stream.read(count)
    if len(data) < count:
        raise Ended
    return data


def shake_hands(connection, stream):
    key = base64.b64encode(os.urandom(16)).decode()
    query = '?lastEventId=' + urllib.parse.quote(last_event_id) if last_event_id else ''
    lines = [
        f'GET {url.path}{query} HTTP/1.1',
        f'Host: {url.netloc}',
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Version: 13',
        f'Sec-WebSocket-Key: {key}',
    ]
    if subprotocol:
        lines.append(f'Sec-WebSocket-Protocol: {subprotocol}')
    connection.sendall('\r\n'.join([*lines, '', '']).encode())
    status = stream.readline()
    # Cut off in it, it is no answer.
    if not status.endswith(b'\n'):
        raise Ended
    assert status.startswith(b'HTTP/1.1 101 '), status
    headers = {}
    for line in iter(stream.readline, b'\r\n'):
        if not line:
            raise Ended
        name, _, value = line.decode().partition(':')
        headers[name.lower()] = value.strip()
    accept = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
    assert headers['sec-websocket-accept'] == accept, headers
    assert headers.get('sec-websocket-protocol') == subprotocol, headers
    assert 'sec-websocket-extensions' not in headers, headers


def read_frame(stream):
    first, second = read(stream, 2)
    # A server "must not mask any frames", reserved bits are 0 without extensions.
    assert first & 0x70 == 0 and second & 0x80 == 0, (first, second)
    assert first & 0x80, 'fragmented'
    length = second & 0x7F
    if length == 126:
        length = int.from_bytes(read(stream, 2), 'big')
    elif length == 127:
        length = int.from_bytes(read(stream, 8), 'big')
    return first & 0x0F, read(stream, length)


def send_frame(connection, opcode, payload):
    mask = os.urandom(4)
    masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
    connection.sendall(bytes([0x80 | opcode, 0x80 | len(payload)]) + mask + masked)


def take(text):
    global last_event_id
    event = {'event': 'message', 'data': text, 'id': ''}
    if subprotocol:
        event = json.loads(text)
        last_event_id = event['id']
    print(json.dumps({
        'type': event['event'],
        'data': event['data'],
        'lastEventId': event['id'],
    }), flush=True)


def read_messages(connection):
    stream = connection.makefile('rb')
    shake_hands(connection, stream)
    while True:
        opcode, payload = read_frame(stream)
        if opcode == TEXT:
            take(payload.decode('utf-8'))
        elif opcode == PING:
            send_frame(connection, PONG, payload)
        else:
            assert opcode == CLOSE, opcode
            raise Ended


given_up_at = math.inf
while True:
    try:
        with socket.create_connection((url.hostname, url.port)) as connection:
            given_up_at = math.inf
            read_messages(connection)
    except ConnectionRefusedError:
        # A server that is restarted is back in less than 20 seconds.
        given_up_at = min(given_up_at, time.monotonic() + 20)
        if time.monotonic() > given_up_at:
            sys.exit('there is no server any more')
    except (OSError, Ended):
        pass
    time.sleep(0.1)
