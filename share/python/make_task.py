"""Makes the TorchScript file of a script task from the plain Python functions that define it: make_task.py ID.py

Writes ID.pt beside it (--out FILE: elsewhere). The functions are compiled, not run:

    def label(sample: Dict[str, torch.Tensor]) -> Tuple[torch.Tensor, torch.Tensor]                    # target, mask
    def loss(prediction: torch.Tensor, target: torch.Tensor, mask: torch.Tensor) -> torch.Tensor       # [B]
    def measure(prediction: torch.Tensor, target: torch.Tensor, mask: torch.Tensor) -> torch.Tensor    # [B,K]

Only label is needed; a task without a mask may return the target alone. They may call other functions of the file, whose
arguments then have types, too. Numbers and texts of the file's own must stand inside the functions. What is wrong is said
with its line, exit code 1. One ID.py gives the same bytes on every day and in every folder.

Needs PyTorch 1.13 or newer (Debian: python3-torch). Taskonomy itself needs no Python.
"""
import argparse
import io
import linecache
import pathlib
import sys
import types
import typing

try:
    import torch
except ImportError:
    sys.exit("make_task.py: this Python has no PyTorch. Debian: apt install python3-torch, and call /usr/bin/python3")

ARGUMENTS = {
    "label": {"sample": "Dict[str, Tensor]"},
    "loss": {"prediction": "Tensor", "target": "Tensor", "mask": "Tensor"},
    "measure": {"prediction": "Tensor", "target": "Tensor", "mask": "Tensor"},
}


class TaskError(Exception):
    """What is wrong with ID.py: file, line, reason."""


def functions_of(text: str, name: str) -> typing.Dict[str, types.FunctionType]:
    """Those of ID.py that a task has. The file is known by its name alone, so that no folder gets into the result."""
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)  # where TorchScript looks for their source
    defined: typing.Dict[str, typing.Any] = {"__name__": "task", "__file__": name}
    try:
        exec(compile(text, name, "exec"), defined)
    except SyntaxError as error:
        raise TaskError(f"{name}:{error.lineno}: {error.msg}") from None
    except Exception as error:
        lines = [at.tb_lineno for at in frames(error.__traceback__) if at.tb_frame.f_code.co_filename == name]
        raise TaskError(f"{name}:{lines[-1] if lines else 1}: {type(error).__name__}: {error}") from None
    functions = {word: defined[word] for word in ARGUMENTS if isinstance(defined.get(word), types.FunctionType)}
    if "label" not in functions:
        raise TaskError(f"{name}:1: has no function label(sample)")
    return functions


def frames(traceback: typing.Optional[types.TracebackType]) -> typing.Iterator[types.TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def require_arguments(word: str, function: types.FunctionType, name: str) -> None:
    code = function.__code__
    given = list(code.co_varnames[: code.co_argcount])
    if given != list(ARGUMENTS[word]):
        wanted = ", ".join(ARGUMENTS[word])
        raise TaskError(f"{name}:{code.co_firstlineno}: {word}({', '.join(given)}): expected {word}({wanted})")


class Module(torch.nn.Module):
    """The one object of the TorchScript file, which gets a method for each function."""


def script_of(text: str, name: str) -> torch.jit.ScriptModule:
    module = torch.jit.script(Module())
    for word, function in functions_of(text, name).items():
        require_arguments(word, function, name)
        try:
            compiled = torch.jit.script(function)
            arguments = ", ".join(f"{argument}: {kind}" for argument, kind in ARGUMENTS[word].items())
            # Finds the name `compiled` in this function.
            module.define(f"def {word}(self, {arguments}):\n  return compiled({', '.join(ARGUMENTS[word])})\n")
        except Exception as error:
            raise TaskError(f"{name}:{line_of(error, name, function)}: {word}: {str(error).strip()}") from None
    return module


def line_of(error: Exception, name: str, function: types.FunctionType) -> str:
    """The line that TorchScript's message names first, or that of the function."""
    for line in str(error).splitlines():
        begin, found, end = line.partition(f'File "{name}", line ')
        if found:
            return end.split(",")[0].strip()
    return str(function.__code__.co_firstlineno)


def bytes_of(source: pathlib.Path) -> bytes:
    text = source.read_text(encoding="utf-8")
    archive = io.BytesIO()
    # The source goes along: taskonomy refuses a file that was made from another one.
    torch.jit.save(script_of(text, source.name), archive, _extra_files={"task.py": text.encode()})
    return archive.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=pathlib.Path, metavar="ID.py")
    parser.add_argument("--out", type=pathlib.Path, metavar="FILE", help="default: ID.pt beside ID.py")
    arguments = parser.parse_args()
    out = arguments.out or arguments.source.with_suffix(".pt")
    try:
        made = bytes_of(arguments.source)
        out.write_bytes(made)
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"error: {arguments.source}: {error}")
    except TaskError as error:
        sys.exit(f"error: {error}")
    print(f"made {out} ({len(made)} bytes)")


if __name__ == "__main__":
    main()
