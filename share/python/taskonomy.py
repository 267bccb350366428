"""Reads a taskonomy run: affinities, losses per test image, taxonomies and networks' weights.

    import taskonomy
    run = taskonomy.load("runs/demo")
    run.affinity                      # rows: transfers, columns: targets (share/doc/from_python.md)

Needs numpy alone. With pandas, tables have a method .frame(); with PyTorch, networks predict. Copy this file anywhere, or put its folder on PYTHONPATH.
Everything is read when it is asked for, from files that are never changed; errors are taskonomy.Error and name the file.
"""

import csv
import json
import math
import struct
import subprocess
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np


class Error(Exception):
    """What is wrong with a run, and where."""


def load(folder):
    """The run in `folder`. Raises Error unless `taskonomy run` has begun it."""
    return Run(folder)


@dataclass(frozen=True)
class Table:
    """A float64 array [R,C] whose rows and columns have names; NaN: not measured."""

    values: np.ndarray
    rows: list
    columns: list

    def __getitem__(self, names):
        """table["normal"]: a row, float64 [C]; table["normal", "reshading"]: one number."""
        row, *column = names if isinstance(names, tuple) else (names,)
        cells = self.values[self._index(self.rows, row, "row")]
        return cells[self._index(self.columns, column[0], "column")] if column else cells

    def column(self, name):
        """A column, float64 [R]."""
        return self.values[:, self._index(self.columns, name, "column")]

    def frame(self):
        """The same as a pandas.DataFrame."""
        import pandas

        return pandas.DataFrame(self.values, index=self.rows, columns=self.columns)

    @staticmethod
    def _index(names, name, what):
        if name not in names:
            raise KeyError(f'no {what} is called "{name}"; there are {", ".join(map(str, names))}')
        return names.index(name)


@dataclass(frozen=True)
class Taxonomy:
    """The optimum at one budget (paper section 3.4): which sources to label, and which transfer serves each target."""

    budget: float
    max_order: int  #: sources that one transfer may join
    sources: list
    transfers: dict  #: target -> names of the sources of its transfer, a list
    mean_gain: float  #: win rate over training from scratch, mean over the targets
    mean_quality: float  #: win rate over full supervision
    judge: str  #: "halves": Gain and Quality are of test scenes that did not choose the taxonomy; "paper": of the same


class Run:
    """A run's folder. Attributes that need a part that is not done yet raise Error."""

    def __init__(self, folder):
        self.folder = Path(folder)
        if not (self.folder / "recipe.toml").is_file():
            raise Error(f"{self.folder}: no run is here (recipe.toml is missing)")

    def __repr__(self):
        return f"taskonomy.load({str(self.folder)!r})"

    @cached_property
    def recipe(self):
        """The recipe as resolved, a dictionary of every key."""
        return tomllib.loads(self._text("recipe.toml"))

    @cached_property
    def manifest(self):
        """Versions, seed, machine and label costs, a dictionary."""
        return json.loads(self._text("manifest.json"))

    @property
    def tasks(self):
        """Names of the recipe's tasks, in its order."""
        return list(self.recipe["tasks"])

    @property
    def targets(self):
        """Names of the tasks that transfers are made to."""
        return self.affinity.columns

    @cached_property
    def affinity(self):
        """Affinities of all transfers (rows, "a+b" joins two sources) to all targets (columns)."""
        return self._column_of("affinity")

    @cached_property
    def gain(self):
        """Win rates over the network trained from scratch on the transfer images."""
        return self._column_of("gain")

    @cached_property
    def quality(self):
        """Win rates over the target's own, fully supervised network."""
        return self._column_of("quality")

    def losses(self, target):
        """Losses of all competitors (rows) on every test image (columns, sample ids); lower is better.

        Rows are "TARGET (own)", its own network, "(scratch)", "(constant)" (the best image of values), "(average)" (the best
        value for each channel), and the transfers, "a+b" from two sources.
        """
        folder = self.folder / "losses" / target
        if not folder.is_dir():
            raise Error(f'{folder}: no losses of "{target}"; the run has those of {self._names_in("losses")}')
        names = {
            "_self": f"{target} (own)",
            "_scratch": "(scratch)",
            "_constant": "(constant)",
            "_average": "(average)",
        }
        rows, columns = [], None
        for file in sorted(folder.glob("*.safetensors")):
            tensors, told = read_safetensors(file)
            images = self._test_images(told.get("view_kind", "single"))
            if len(images) != tensors["loss"].shape[0]:
                raise Error(f"{file}: losses of {tensors['loss'].shape[0]} images, but the run has {len(images)}")
            columns = images
            rows.append((names.get(file.stem, file.stem), tensors["loss"]))
        if not rows:
            raise Error(f"{folder}: no losses yet; `taskonomy run {self.folder}` goes on")
        return Table(np.stack([values for _, values in rows]), [name for name, _ in rows], columns)

    @cached_property
    def metrics(self):
        """Customary metrics, a list of dictionaries: target, competitor, metric, unit, better, value."""
        return [{**row, "value": _number(row["value"])} for row in self._csv("metrics.csv")]

    @cached_property
    def taxonomies(self):
        """The optima of all budgets, a list of Taxonomy."""
        return [
            Taxonomy(
                entry["budget"],
                entry["max_order"],
                entry["sources"],
                {transfer["target"]: transfer["sources"] for transfer in entry["transfers"]},
                _or_nan(entry["mean_gain"]),
                _or_nan(entry["mean_quality"]),
                entry.get("judge", "paper"),
            )
            for entry in json.loads(self._text("taxonomy.json"))
        ]

    def taxonomy(self, budget, max_order=None):
        """The optimum of the largest budget up to `budget`, with the most sources a transfer may join by default."""
        orders = [t.max_order for t in self.taxonomies]
        order = max(orders) if max_order is None else max_order
        fitting = [t for t in self.taxonomies if t.budget <= budget and t.max_order == order]
        if not fitting:
            known = ", ".join(f"{t.budget:g}" for t in self.taxonomies if t.max_order == order)
            raise Error(f"{self.folder}: no taxonomy for budget {budget:g} and order {order}; budgets are {known or 'none'}")
        return max(fitting, key=lambda t: t.budget)

    def weights(self, task, sources=None, finished=False):
        """Weights of a task's own network, name -> array; with `sources`, of the transfer from them (decoder).

        `finished`: as `taskonomy finish` left it. Encoders' names begin with "encoder.", decoders' with "decoder.".
        torch.from_numpy() takes each.
        """
        if sources is None:
            file = self.folder / "sources" / f"{task}.safetensors"
        else:
            joined = sources if isinstance(sources, str) else "+".join(sorted(sources))
            file = self.folder / ("finished" if finished else "transfers") / task / f"{joined}.safetensors"
        if not file.is_file():
            raise Error(f"{file}: no such network; the run has networks of {self._names_in('sources')}")
        return read_safetensors(file)[0]

    def predictor(self, budget=None, program="taskonomy"):
        """The networks of the taxonomy at a budget (the largest by default), ready to predict: a Predictor.

        Needs PyTorch. The first time, and when the run went on, `program`, this run's taskonomy, exports them to RUN/exported, which takes seconds.
        """
        name = "taxonomy.pt" if budget is None else f"taxonomy-{budget:g}.pt"
        file = self.folder / "exported" / name
        if not file.is_file() or self._is_older(file):
            file.parent.mkdir(exist_ok=True)
            asked = [] if budget is None else ["--budget", f"{budget:g}"]
            try:
                subprocess.run([program, "export", self.folder, "--out", file, *asked], check=True, capture_output=True, text=True)
            except FileNotFoundError:
                raise Error(f'{program}: not found; predictor(program="...") names the program that made the run') from None
            except subprocess.CalledProcessError as failed:
                raise Error(failed.stderr.strip()) from None
        return Predictor(file)

    # Files

    def _is_older(self, file):
        made = (self.folder / "affinity.csv", self.folder / "finished" / "finished.csv")
        return any(other.is_file() and other.stat().st_mtime > file.stat().st_mtime for other in made)

    def _text(self, name):
        file = self.folder / name
        if not file.is_file():
            raise Error(f"{file}: not there yet; `taskonomy run {self.folder}` goes on")
        return file.read_text(encoding="utf-8")

    def _csv(self, name):
        return list(csv.DictReader(self._text(name).splitlines()))

    def _names_in(self, part):
        folder = self.folder / part
        return ", ".join(sorted(f.stem for f in folder.iterdir())) if folder.is_dir() else "no task yet"

    def _column_of(self, value):
        cells = {(row["sources"], row["target"]): _number(row[value]) for row in self._csv("affinity.csv")}
        rows, columns = (list(dict.fromkeys(names)) for names in zip(*cells))
        values = [[cells.get((row, column), math.nan) for column in columns] for row in rows]
        return Table(np.array(values), rows, columns)

    def _test_images(self, view_kind):
        _, told = read_safetensors(self.folder / "examples" / f"images-{view_kind}.safetensors", only_told=True)
        return json.loads(told["ids"])["test"]


class Predictor:
    """A file of `taskonomy export`: predictor(images)["normal"]. Needs PyTorch."""

    def __init__(self, file):
        import torch

        texts = {"taxonomy.json": "", "targets.json": "", "about.json": ""}
        try:
            self.module = torch.jit.load(str(file), map_location="cpu", _extra_files=texts)
        except (RuntimeError, ValueError) as failed:
            why = str(failed).splitlines()[0]
            raise Error(f"{file}: no TorchScript file that PyTorch {torch.__version__} reads: {why}") from None
        if not texts["about.json"]:
            raise Error(f"{file}: not made by `taskonomy export`")
        about = json.loads(texts["about.json"])
        if about.get("format", 1) != 1:
            made_by = about.get("made_by", "another program")
            raise Error(f"{file}: of format {about['format']}, made by {made_by}; this taskonomy.py reads format 1")
        self.taxonomy, self.targets, self.about = (json.loads(texts[name]) for name in texts)

    def __call__(self, images, method="forward"):
        """Predictions for images [B,H,W,3], uint8 in 0..255 or floats in 0..1: target -> float32 array [B,...].

        Images that are not square show their centred square. Methods "pairs" and "triplets" take [B,2,H,W,3] and [B,3,H,W,3].
        """
        import torch

        images = np.asarray(images)
        scale = 255.0 if images.dtype == np.uint8 else 1.0
        height, width = images.shape[-3:-1]
        side = min(height, width)
        top, left = (height - side) // 2, (width - side) // 2
        square = images[..., top : top + side, left : left + side, :].astype(np.float32) / scale
        with torch.no_grad():
            told = getattr(self.module, method)(torch.from_numpy(np.ascontiguousarray(np.moveaxis(square, -1, -3))))
        return {target: values.numpy() for target, values in told.items()}


_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4", "U8": "u1", "BOOL": "?"}


def read_safetensors(path, only_told=False):
    """The arrays of a safetensors file, name -> array (bfloat16 as float32), and its metadata, name -> text."""
    with open(path, "rb") as file:
        begin = file.read(8)
        size = struct.unpack("<Q", begin)[0] if len(begin) == 8 else 0
        header = file.read(size) if 0 < size < 2**30 else b""
        try:
            entries = json.loads(header)
        except ValueError:
            raise Error(f"{path}: damaged, its first bytes are no safetensors header") from None
        told = entries.pop("__metadata__", {})
        return ({} if only_told else _arrays(path, file.read(), entries)), told


def _arrays(path, data, entries):
    arrays = {}
    for name, entry in entries.items():
        first, last = entry["data_offsets"]
        if last > len(data):
            raise Error(f'{path}: cut off within "{name}"')
        values = np.frombuffer(data[first:last], dtype=_TYPES[entry["dtype"]]).reshape(entry["shape"])
        if entry["dtype"] == "BF16":
            values = (values.astype("<u4") << 16).view("<f4")
        arrays[name] = values.copy()
    return arrays


def _number(text):
    return float(text) if text else math.nan


def _or_nan(value):
    return math.nan if value is None else float(value)
