"""Passages for a Haystack pipeline, which writes a prompt with them.

From a clone: `.venv/bin/python docs/examples/with_haystack.py`
"""

from qa import Pinpoint
from qa.haystack import PinpointRetriever

from haystack import Pipeline  # isort: skip  # after ours, which keeps it from reporting
from haystack.components.builders import PromptBuilder  # isort: skip

PROMPT = """{% for document in documents -%}
[{{ loop.index }}] {{ document.content }}
    {{ document.meta.title }}, characters {{ document.meta.start }} to {{ document.meta.end }}
{% endfor -%}
Question: {{ question }}"""


def prompting(pinpoint: Pinpoint) -> Pipeline:
    """Return a pipeline from a question to a prompt; a generator may follow."""
    pipeline = Pipeline()
    pipeline.add_component("retriever", PinpointRetriever(pinpoint, top_k=3))
    pipeline.add_component("prompt", PromptBuilder(PROMPT, required_variables="*"))
    pipeline.connect("retriever.documents", "prompt.documents")
    return pipeline


if __name__ == "__main__":
    pinpoint = Pinpoint.open()
    pinpoint.sync("seeds")
    question = "How long have the militias been attacking US troops?"
    filters = {"field": "meta.date", "operator": ">=", "value": "2023-11-01"}
    asked = {
        "retriever": {"query": question, "filters": filters},
        "prompt": {"question": question},
    }
    print(prompting(pinpoint).run(asked)["prompt"]["prompt"])
