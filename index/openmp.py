"""PyTorch and FAISS in one process on macOS, where each brings an OpenMP runtime of its own."""

import sys


def load_torch_first() -> None:
    """On macOS, import PyTorch and then FAISS, which is kept to one thread; else do nothing.

    The other order crashes as soon as PyTorch starts threads, and FAISS crashes in threads of its
    own while the other runtime has some: sentence-transformers issue 2291, faiss-wheels issues 73
    and 100, and txtai pull request 818, which all found these two measures to help. What PyTorch
    runs must call this before FAISS is used. `docs/embedding.md` says what else can be done.
    """
    if sys.platform == "darwin":
        import torch  # noqa: F401 I001 - the order is the point
        import faiss

        faiss.omp_set_num_threads(1)
