"""A question-answering model whose logits can be worked out by hand, and a tiny real one."""

import re

import numpy as np

from qa.span_model import Logits

_PIECE = re.compile(r"\w+|[^\w\s]")


class MarkedModel:
    """Answers with the word `answer`, if it is in the text, with a margin of `sure` logits.

    A word piece is a word or a punctuation mark. Remembers the texts that it read.
    """

    name = "marked"

    def __init__(self, answer, *, sure=8.0, room=100):
        self.answer, self.sure = answer, sure
        self._room = room
        self.read = []

    def room(self, question):  # noqa: ARG002 - the protocol's
        return self._room

    def offsets(self, text):
        return [match.span() for match in _PIECE.finditer(text)]

    def logits(self, pairs):
        self.read += [text for _, text in pairs]
        return [self._logits(text) for _, text in pairs]

    def _logits(self, text):
        offsets = np.array(self.offsets(text), dtype=np.int64).reshape(-1, 2)
        marked = np.array([text[a:b] == self.answer for a, b in offsets], dtype=np.float32)
        return Logits(offsets, marked * self.sure, marked * self.sure, self.sure)


def save_tiny_model(folder, architecture="BertForQuestionAnswering"):
    """Save a random BERT of two layers with a vocabulary of letters and a few words."""
    import torch
    import transformers
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    letters = "abcdefghijklmnopqrstuvwxyz0123456789.,?!'"
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{c}" for c in letters)]
    vocabulary = {piece: number for number, piece in enumerate([*pieces, "the", "cats", "purr"])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    torch.manual_seed(7)
    config = transformers.BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=96,
    )
    model = getattr(transformers, architecture)(config)
    with torch.no_grad():
        for parameter in model.parameters():  # or all biases would be 0
            parameter.add_(torch.randn_like(parameter), alpha=0.02)
    model.save_pretrained(folder)
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        unk_token="[UNK]",
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    ).save_pretrained(folder)
