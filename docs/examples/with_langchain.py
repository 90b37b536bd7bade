"""Passages for a LangChain chain, with the place that each stands at.

From a clone: `.venv/bin/python docs/examples/with_langchain.py`
"""

from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda

from qa import Pinpoint
from qa.langchain import PinpointRetriever


def numbered(documents: list[Document]) -> str:
    """Write passages the way a prompt has them; a prompt and a model may follow in the chain."""
    lines = [
        f"[{number}] {each.page_content}\n"
        f"    {each.metadata['title']}, {each.metadata['date']}, "
        f"characters {each.metadata['start']} to {each.metadata['end']}"
        for number, each in enumerate(documents, start=1)
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    pinpoint = Pinpoint.open()
    pinpoint.sync("seeds")
    retriever = PinpointRetriever(pinpoint=pinpoint, limit=3, since="2023-11-01")
    chain = retriever | RunnableLambda(numbered)
    print(chain.invoke("How long have the militias been attacking US troops?"))
