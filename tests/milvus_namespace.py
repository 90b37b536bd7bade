"""Runs in a network namespace of its own: a server, and a relay to it from sockets outside.

The server listens on every interface, without a password; here there is only the loopback. The
sockets that were made outside and handed over stay outside. Usage: FD:PORT... -- COMMAND...

All ends when stdin does, so nothing is left when the tests are killed.
"""

import asyncio
import fcntl
import socket
import struct
import subprocess
import sys

SIOCSIFFLAGS, IFF_UP = 0x8914, 0x1


def raise_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))


async def pump(reader, writer):
    try:
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except ConnectionError:
        writer.transport.abort()  # the other side sees what a lost server looks like


def relay_to(port):
    async def relay(reader, writer):
        try:
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.transport.abort()
            return
        try:
            await asyncio.gather(pump(reader, inner_writer), pump(inner_reader, writer))
        finally:
            inner_writer.close()
            writer.close()

    return relay


async def end_of_stdin():
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    await reader.read()


async def serve(doors, server):
    for descriptor, port in doors:
        await asyncio.start_server(relay_to(port), sock=socket.socket(fileno=descriptor))
    ended = asyncio.create_task(end_of_stdin())
    while server.poll() is None and not ended.done():
        await asyncio.sleep(0.05)


def main():
    cut = sys.argv.index("--")
    doors = [tuple(map(int, door.split(":"))) for door in sys.argv[1:cut]]
    raise_loopback()
    server = subprocess.Popen(sys.argv[cut + 1 :], stdin=subprocess.DEVNULL)
    try:
        asyncio.run(serve(doors, server))
    finally:
        server.kill()
        server.wait()


if __name__ == "__main__":
    main()
