"""Writes the TorchScript file of `taskonomy export` as ONNX.

    python3 to_onnx.py taxonomy.pt taxonomy.onnx                 # targets that see one image
    python3 to_onnx.py poses.pt poses.onnx --method pairs        # or two: input "views" [B,2,3,S,S]

Needs PyTorch (1.13 or newer; its TorchScript exporter) and onnx. With onnxruntime the file is tried on random images,
and refused unless it says what the TorchScript file says within 1e-4. Input: "images", float32 [B,3,S,S] in 0..1, S the
side of the run's images, any B. Outputs: a tensor for each target, under its name. The texts of the TorchScript file
(taxonomy.json, targets.json, about.json) are in the model's metadata.
"""

import argparse
import importlib.util
import json
import sys
import tempfile
import warnings
from pathlib import Path

import torch

TEXTS = ("taxonomy.json", "targets.json", "about.json")
VIEWS = {"forward": 1, "pairs": 2, "triplets": 3}
OPSET = 16
TOLERANCE = 1e-4


def read(file):
    """The module of a file and its texts, name -> text."""
    texts = {name: "" for name in TEXTS}
    try:
        module = torch.jit.load(file, map_location="cpu", _extra_files=texts).eval()
    except (RuntimeError, ValueError) as error:
        sys.exit(f"error: {file}: no TorchScript file that this PyTorch ({torch.__version__}) reads: {str(error).splitlines()[0]}")
    texts = {name: text.decode() if isinstance(text, bytes) else text for name, text in texts.items()}
    if not texts["about.json"]:
        sys.exit(f"error: {file}: not made by `taskonomy export`: it has no about.json")
    about = json.loads(texts["about.json"])
    if about.get("format", 1) != 1:
        made_by = about.get("made_by", "another program")
        sys.exit(f"error: {file}: of format {about['format']}, made by {made_by}; this to_onnx.py reads format 1")
    return module, texts


def as_tensors(module, method, names):
    """A module whose forward gives the tensors of a method's dictionary in a fixed order: ONNX knows no dictionaries.

    TorchScript reads the source of what it compiles, so the source has to lie in a file.
    """
    values = ", ".join(f'told["{name}"]' for name in names)
    source = (
        "import torch\n\n\nclass Ordered(torch.nn.Module):\n"
        "    def __init__(self, taxonomy):\n        super().__init__()\n        self.taxonomy = taxonomy\n\n"
        "    def forward(self, images: torch.Tensor):\n"
        f"        told = self.taxonomy.{method}(images)\n        return ({values},)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ordered.py"
        path.write_text(source)
        spec = importlib.util.spec_from_file_location("ordered", path)
        ordered = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(ordered)
        return torch.jit.script(ordered.Ordered(module)).eval()


def images_of(side, method, count, seed):
    views = VIEWS[method]
    shape = (count, 3, side, side) if views == 1 else (count, views, 3, side, side)
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed))


def export(module, method, side, out):
    """Writes the model and returns the names of its outputs."""
    images = images_of(side, method, 2, 1)
    with torch.no_grad():
        names = sorted(getattr(module, method)(images))
    entry = "images" if method == "forward" else "views"
    # The exporter of TorchScript: newer PyTorch has another by default, which takes Python modules alone.
    chosen = {} if torch.__version__.startswith("1.") else {"dynamo": False}
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            as_tensors(module, method, names),
            (images,),
            out,
            input_names=[entry],
            output_names=names,
            dynamic_axes={name: {0: "batch"} for name in [entry, *names]},
            opset_version=OPSET,
            **chosen,
        )
    return names


def add_texts(out, texts):
    import onnx

    model = onnx.load(out)
    for name, text in texts.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = name, text
    onnx.checker.check_model(model)
    onnx.save(model, out)


def largest_difference(module, method, side, out, names):
    """Between both files, over random images in batches of other sizes than the exported one; None without onnxruntime."""
    try:
        import onnxruntime
    except ImportError:
        return None
    session = onnxruntime.InferenceSession(out, providers=["CPUExecutionProvider"])
    largest = 0.0
    for count in (1, 5):
        images = images_of(side, method, count, 2)
        with torch.no_grad():
            meant = getattr(module, method)(images)
        for name, said in zip(names, session.run(None, {session.get_inputs()[0].name: images.numpy()})):
            scale = max(1.0, float(meant[name].abs().max()))
            largest = max(largest, float((torch.from_numpy(said) - meant[name]).abs().max()) / scale)
    return largest


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", help="what `taskonomy export` wrote")
    parser.add_argument("out", help="the ONNX file to write")
    parser.add_argument("--method", choices=VIEWS, default="forward", help="targets that see one image, two, or three (forward)")
    given = parser.parse_args()
    if not Path(given.file).is_file():
        sys.exit(f"error: {given.file}: there is no such file")
    module, texts = read(given.file)
    if not hasattr(module, given.method):
        known = ", ".join(name for name in VIEWS if hasattr(module, name))
        sys.exit(f"error: {given.file}: has no method {given.method}; it has {known}")
    side = json.loads(texts["about.json"])["side"]
    names = export(module, given.method, side, given.out)
    add_texts(given.out, texts)
    difference = largest_difference(module, given.method, side, given.out, names)
    if difference is not None and difference > TOLERANCE:
        Path(given.out).unlink()
        sys.exit(f"error: {given.out}: says something else than {given.file}, by {difference:g}; nothing was written")
    tried = "not tried (no onnxruntime)" if difference is None else f"within {difference:.1g} of {given.file}"
    print(f"{given.out}: {', '.join(names)}; {tried}")


if __name__ == "__main__":
    main()
