"""A training run of the reader: its recipe, its steps, and its checkpoints."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from transformers import PreTrainedModel

from bench.reader_rows import Example

Check = Callable[[PreTrainedModel], dict[str, float]]
"""Measures a model; returns named scores."""


@dataclass(frozen=True)
class Recipe:
    """The numbers of a training run, and what it starts from."""

    base: str
    plan: str
    rows: int
    seed: int
    steps: int
    batch_tokens: int
    learning_rate: float
    warmup: int = 100
    layer_decay: float = 0.9
    weight_decay: float = 0.01
    average: float = 0.998
    check_every: int = 600
    frozen: int = 0

    def rate(self, step: int) -> float:
        """Return the factor of the learning rate: a rise, then a straight line down to 0."""
        if step < self.warmup:
            return (step + 1) / self.warmup
        return max(self.steps - step, 0) / max(self.steps - self.warmup, 1)


def tensors(
    batch: Sequence[Example], special: tuple[int, int], device: str
) -> dict[str, torch.Tensor]:
    """Return a batch as the model takes it: [CLS] question [SEP] context [SEP], then padding.

    Args:
        batch: Of any lengths.
        special: Ids of [CLS] and [SEP].
        device: `cpu` or `cuda`.
    """
    cls, sep = special
    shape = len(batch), max(len(example) for example in batch)
    ids, mask, types = (np.zeros(shape, np.int64) for _ in range(3))
    for number, example in enumerate(batch):
        size, split = len(example), len(example.question) + 2
        ids[number, :size] = [cls, *example.question, sep, *example.context, sep]
        mask[number, :size] = 1
        types[number, split:size] = 1
    starts = np.array([example.start for example in batch])
    ends = np.array([example.end for example in batch])
    named = {
        "input_ids": ids,
        "attention_mask": mask,
        "token_type_ids": types,
        "start_positions": starts,
        "end_positions": ends,
    }
    return {name: torch.from_numpy(array).to(device) for name, array in named.items()}


def optimiser(model: PreTrainedModel, recipe: Recipe) -> torch.optim.AdamW:
    """Return AdamW with lower rates for lower layers.

    The word embeddings stay as they are; with `frozen` layers, all embeddings and these layers.
    """
    layers = model.config.num_hidden_layers
    groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        found = [n for n in range(layers) if f"layer.{n}." in name]
        layer = found[0] if found else -1 if "embeddings" in name else layers
        if "word_embeddings" in name or (recipe.frozen and layer < recipe.frozen):
            parameter.requires_grad_(False)
            continue
        scale = recipe.layer_decay ** (layers - layer)
        decay = recipe.weight_decay if parameter.ndim > 1 else 0.0
        groups.setdefault((scale, decay), []).append(parameter)
    settings = [
        {"params": parameters, "lr": recipe.learning_rate * scale, "weight_decay": decay}
        for (scale, decay), parameters in groups.items()
    ]
    return torch.optim.AdamW(settings, betas=(0.9, 0.98), fused=True)


class Run:
    """A training run in a folder; goes on from its last checkpoint.

    Args:
        model: To train.
        recipe: Numbers of the run.
        folder: For checkpoints.
        special: Ids of [CLS] and [SEP].
        device: `cpu` or `cuda`.

    Raises:
        ValueError: the folder holds a run of another recipe.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        recipe: Recipe,
        folder: Path,
        special: tuple[int, int],
        device: str = "cpu",
    ) -> None:
        _keep_recipe(recipe, folder)
        self.model = model.to(device)
        self._special = special
        self._recipe, self._folder, self._device = recipe, folder, device
        self._optimiser = optimiser(model, recipe)
        self._rates = [group["lr"] for group in self._optimiser.param_groups]
        self._trained = {n: p for n, p in model.named_parameters() if p.requires_grad}
        self.average = {name: p.detach().clone() for name, p in self._trained.items()}
        self.step = 0
        if (folder / "state.safetensors").exists():
            self._load()

    def train(self, batches: Iterator[list[Example]], check: Check) -> None:
        """Train on the batches that are left and keep a checkpoint each `check_every` steps."""
        recipe, started, pieces = self._recipe, time.monotonic(), 0
        losses: list[float] = []
        for number, batch in enumerate(batches):
            if number < self.step:
                continue
            if number >= recipe.steps:
                break
            losses.append(self._learn(batch))
            pieces += sum(map(len, batch))
            if self.step % 50 == 0:
                rate = pieces / (time.monotonic() - started)
                self.log(loss=round(float(np.mean(losses)), 4), pieces_per_second=round(rate))
                losses = []
            if self.step % recipe.check_every == 0:
                self.save()
                self.log(**check(self.model))
        self.save()

    def _learn(self, batch: list[Example]) -> float:
        for group, rate in zip(self._optimiser.param_groups, self._rates, strict=True):
            group["lr"] = rate * self._recipe.rate(self.step)
        self.model.train()
        loss = self.model(**tensors(batch, self._special, self._device)).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._trained.values(), 1.0)
        self._optimiser.step()
        self._optimiser.zero_grad()
        self.step += 1
        keep = min(self._recipe.average, self.step / (self.step + 10))
        for name, parameter in self._trained.items():
            self.average[name].lerp_(parameter.detach(), 1 - keep)
        return float(loss.detach())

    def log(self, **values: float) -> None:
        """Write a line of the run's log and of stderr."""
        line = json.dumps({"step": self.step, **values})
        with (self._folder / "log.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(line + "\n")
        print(line, file=sys.stderr, flush=True)

    def save(self) -> None:
        """Keep weights, their average and the optimiser's state."""
        state = {"step": torch.tensor(self.step)}
        for name, parameter in self._trained.items():
            state[f"weight/{name}"] = parameter.detach()
            state[f"average/{name}"] = self.average[name]
            kept = self._optimiser.state.get(parameter, {})
            state |= {f"{key}/{name}": value for key, value in kept.items()}
        partial = self._folder / "state.partial"
        save_file({name: value.contiguous() for name, value in state.items()}, partial)
        partial.replace(self._folder / "state.safetensors")

    def _load(self) -> None:
        state = load_file(self._folder / "state.safetensors", device=self._device)
        self.step = int(state["step"])
        for name, parameter in self._trained.items():
            parameter.data.copy_(state[f"weight/{name}"])
            self.average[name] = state[f"average/{name}"]
            self._optimiser.state[parameter] = {
                key: state[f"{key}/{name}"] for key in ("step", "exp_avg", "exp_avg_sq")
            }

    def use_average(self) -> None:
        """Put the averaged weights in place of the last ones."""
        for name, parameter in self._trained.items():
            parameter.data.copy_(self.average[name])


def _keep_recipe(recipe: Recipe, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "recipe.json"
    if file.exists():
        kept = json.loads(file.read_text("utf-8"))
        differs = [name for name, value in asdict(recipe).items() if kept.get(name) != value]
        if differs:
            raise ValueError(
                f"{folder} holds a run with another {', '.join(differs)}; go on with the same "
                "arguments, or name another folder"
            )
    file.write_text(json.dumps(asdict(recipe), indent=1) + "\n", encoding="utf-8")
