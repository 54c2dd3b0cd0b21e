"""The web application served for a test, on a free port of the loopback, in a thread of this process."""

from __future__ import annotations

import asyncio
import itertools
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from web.app import create_app
from web.parts import Parts

_numbers = itertools.count()


@contextmanager
def serve(parts: Parts) -> Iterator[str]:
    """The base address of an application made of ``parts``."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    ready, stop = threading.Event(), threading.Event()
    failure: list[BaseException] = []

    async def run() -> None:
        app = create_app(parts, name=f"web_under_test_{next(_numbers)}")
        app.config.TOUCHUP = False  # it rewrites Sanic itself, which only the first application survives
        # Sanic leaves the methods of this object without types.
        server: Any = await app.create_server(sock=listener, return_asyncio_server=True, access_log=False)
        if server is None:
            raise RuntimeError("the server could not be made")
        await server.startup()
        await server.before_start()
        await server.start_serving()
        ready.set()
        await asyncio.to_thread(stop.wait)
        await server.before_stop()
        server.close()
        for connection in tuple(server.connections):
            connection.abort()
        await server.after_stop()

    def work() -> None:
        try:
            asyncio.run(run())
        except BaseException as error:
            failure.append(error)
            ready.set()

    thread = threading.Thread(target=work, name="web-under-test", daemon=True)
    thread.start()
    ready.wait(10)
    try:
        if failure:
            raise failure[0]
        yield f"http://127.0.0.1:{port}"
    finally:
        stop.set()
        thread.join(10)
        listener.close()
    if failure:
        raise failure[0]
