"""What a model makes of questions' answers: every sentence that was kept or dropped, and why.

    python -m bench.phrasing --url http://127.0.0.1:8080/v1 --model NAME "A question?" ...

The questions are asked of the default home; without any, those of `QUESTIONS`, for which
`pinpoint index seeds` makes it.
"""

import argparse
from collections import Counter

from qa.api import Pinpoint

QUESTIONS = (
    "How long have the militias been attacking US troops?",
    "Who is Vali Nasr?",
    "How do I rebuild the index?",
    "What is the default of max_citations?",
    "How can I stop the web page?",
    "How do I ask only documents from a period?",
    "What does the verdict contradicted mean?",
    "Where is the key taken from?",
    "How many sentences do two neighbouring chunks share?",
    "What happens if an unknown setting is used?",
    "How do I fail a script unless every claim is supported?",
    "Which models run on a graphics card?",
)


def main() -> None:
    """Print each answer with what the model wrote, and the counts in the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("questions", nargs="*", default=QUESTIONS)
    chosen = parser.parse_args()
    pinpoint = Pinpoint.open(
        phrase_url=chosen.url, phrase_model=chosen.model, phrase_timeout_seconds=chosen.seconds
    )
    counts: Counter[str] = Counter()
    for question in chosen.questions:
        answer = pinpoint.ask(question)
        print(f"\n{question}\n{answer.text or 'Not in your documents.'}")
        counts["answered"] += answer.answered
        if not answer.answered:
            continue
        found = pinpoint.phrase(answer)
        counts["kept"] += len(found.sentences)
        counts["dropped"] += len(found.dropped)
        counts["failed"] += found.failure is not None
        counts["answers with a sentence kept"] += bool(found.sentences)
        print(f"kept: {found.text or '-'}  ({found.seconds:.1f} s)")
        for one, times in Counter((d.text, d.reason) for d in found.dropped).items():
            print(f"dropped {times} x: {one[0]} ({one[1]})")
        if found.failure:
            print(f"failed: {found.failure}", flush=True)
    print("\n" + ", ".join(f"{count} {name}" for name, count in counts.items()))


if __name__ == "__main__":
    main()
