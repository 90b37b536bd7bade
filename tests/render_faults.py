"""A worker that fares as the file says: crash, hang, leave for want of memory."""

import os
import time

from index import render_worker
from index.worker import OUT_OF_MEMORY


def answer(_, request):
    if request["number"] == 1:
        os.abort()
    if request["number"] == 2:
        time.sleep(600)
    if request["number"] == 3:
        os._exit(OUT_OF_MEMORY)
    return {"count": 9, "width": 1, "height": 1, "boxes": []}


if __name__ == "__main__":
    render_worker._answer = answer
    render_worker.main()
