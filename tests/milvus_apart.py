"""Runs a command in a network namespace of its own, from which one server elsewhere is reached.

Sockets with a path are not bound to a namespace, so relays stand on both sides of one. Usage:
inside DOOR PORT [ENTRANCE PORT] -- COMMAND... ends when stdin does, or the command;
outside DOOR PORT ends when stdin does.
"""

import asyncio
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from milvus_namespace import end_of_stdin, pump, raise_loopback
from milvus_server import namespace

PROGRAM = Path(__file__)
PORT, WEB_PORT = 19530, 7860


def relay(connect):
    async def between(reader, writer):
        try:
            other_reader, other_writer = await connect()
        except OSError:
            writer.transport.abort()
            return
        try:
            await asyncio.gather(pump(reader, other_writer), pump(other_reader, writer))
        finally:
            other_writer.close()
            writer.close()

    return between


async def let_out(door, port):
    await asyncio.start_server(relay(lambda: asyncio.open_unix_connection(door)), "127.0.0.1", port)


async def let_in(door, port):
    await asyncio.start_unix_server(
        relay(lambda: asyncio.open_connection("127.0.0.1", int(port))), door
    )


async def inside(doors, command):
    await let_out(doors[0], int(doors[1]))
    if doors[2:]:
        await let_in(*doors[2:])
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        ended = asyncio.create_task(end_of_stdin())
        while process.poll() is None and not ended.done():
            await asyncio.sleep(0.05)
    finally:
        process.kill()
        process.wait()


async def outside(door, port):
    await let_in(door, port)
    print("ready", flush=True)
    await end_of_stdin()


@contextmanager
def way_out(door, uri):
    """Let whoever is inside reach this server, by a socket with a path."""
    command = [sys.executable, str(PROGRAM), "outside", str(door), uri.rpartition(":")[2]]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        yield
        process.stdin.close()


def apart(door, command, entrance=None):
    """The command that runs a command in a namespace of its own.

    The server is at http://127.0.0.1:19530 there; what listens on port 7860 is reached from outside
    by the path of the entrance.
    """
    doors = [str(door), str(PORT), *([str(entrance), str(WEB_PORT)] if entrance else [])]
    return [*namespace(), sys.executable, str(PROGRAM), "inside", *doors, "--", *map(str, command)]


def main():
    how, *arguments = sys.argv[1:]
    if how == "outside":
        asyncio.run(outside(*arguments))
    else:
        cut = arguments.index("--")
        raise_loopback()
        asyncio.run(inside(arguments[:cut], arguments[cut + 1 :]))


if __name__ == "__main__":
    main()
