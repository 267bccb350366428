#!/usr/bin/env python3
"""The demo's networks and training steps as a good user of PyTorch writes them, measured beside ours in one call.

usage: peer.py LEARNING_BENCH [--rounds N] [--seconds S] [--variants eager,tuned,compiled]

Each round measures ours (LEARNING_BENCH rates), then every variant of theirs, so that what else the machine does meets
both. Rates are images per second of processor time on one thread; table and ratios are of the medians over the rounds.
"""
import argparse
import statistics
import subprocess
import sys
import time

try:
    import torch
except ImportError:
    sys.exit(f"peer: {sys.executable} has no PyTorch; give one that has: ./dev bench --peer --python PATH")
from torch import nn

BATCH, SIDE, WIDTH, CHANNELS = 32, 64, 32, 8
STAGES = ("sources", "transfers", "features")


def conv3x3(inputs, outputs, stride=1):
    return nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)


class Block(nn.Module):
    """A basic residual block (He et al. 2016)."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1, self.bn1 = conv3x3(inputs, outputs, stride), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = conv3x3(outputs, outputs), nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.shortcut = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(y + self.shortcut(x))


def make_encoder():
    w = WIDTH
    return nn.Sequential(
        conv3x3(3, w, 2), nn.BatchNorm2d(w), nn.ReLU(inplace=True),
        Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 2 * w, 1), Block(2 * w, 4 * w, 2), Block(4 * w, 4 * w, 1),
        conv3x3(4 * w, CHANNELS), nn.BatchNorm2d(CHANNELS), nn.ReLU(inplace=True))


def make_decoder(inputs):
    layers, channels = [nn.Conv2d(inputs, 64, 3, padding=1)], 64
    for outputs in (48, 32, 24):
        layers += [nn.Upsample(scale_factor=2), conv3x3(channels, outputs), nn.BatchNorm2d(outputs),
                   nn.ReLU(inplace=True)]
        channels = outputs
    return nn.Sequential(*layers, nn.Conv2d(channels, 3, 3, padding=1), nn.Tanh())


class Transfer(nn.Module):
    """Two sources' representations, clipped and normalised, through two branches to a decoder."""

    def __init__(self):
        super().__init__()
        k = 2 * CHANNELS

        def branch():
            return nn.Sequential(conv3x3(k, k), nn.BatchNorm2d(k), nn.ReLU(inplace=True),
                                 conv3x3(k, k), nn.BatchNorm2d(k), nn.ReLU(inplace=True))

        self.input_norm, self.joined_norm = nn.BatchNorm2d(k), nn.BatchNorm2d(2 * k)
        self.first, self.second = branch(), branch()
        self.decoder = make_decoder(2 * k)

    def forward(self, x):
        x = self.input_norm(x.clamp(-5, 5))
        return self.decoder(self.joined_norm(torch.cat([self.first(x), self.second(x)], 1)))


class Variant:
    """A way to use PyTorch."""

    def __init__(self, name, tuned=False, compiled=False):
        self.name, self.tuned, self.compiled = name, tuned, compiled
        self.bfloat16 = tuned and has_bfloat16()

    def prepare(self, network):
        if self.tuned:
            network = network.to(memory_format=torch.channels_last)
        return torch.compile(network) if self.compiled else network

    def image(self, x):
        return x.contiguous(memory_format=torch.channels_last) if self.tuned else x

    def optimizer(self, network):
        fused = {"fused": True} if self.tuned and version() >= (2, 4) else {}
        return torch.optim.Adam(network.parameters(), lr=3e-3, weight_decay=2e-6, **fused)

    def autocast(self):
        return torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.bfloat16)


def version():
    return tuple(int(part) for part in torch.__version__.split("+")[0].split(".")[:2] if part.isdigit())


def has_bfloat16():
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
            return "avx512_bf16" in file.read()
    except OSError:
        return False


def variants():
    all_of_them = [Variant("eager"), Variant("tuned", tuned=True)]
    if version() >= (2, 0):
        all_of_them.append(Variant("compiled", tuned=True, compiled=True))
    return all_of_them


def make_step(variant, stage):
    """A function that does one step of a stage, on data that lies in memory."""
    images = torch.randint(0, 256, (256, 3, SIDE, SIDE), dtype=torch.uint8)
    features = torch.randn(256, 2 * CHANNELS, SIDE // 8, SIDE // 8).half()
    targets = torch.rand(256, 3, SIDE, SIDE).half()

    def picture(i):
        return variant.image(images[i].float() / 127.5 - 1)

    if stage == "features":
        encoder = variant.prepare(make_encoder().eval())

        def look():
            with torch.no_grad(), variant.autocast():
                encoder(picture(torch.arange(BATCH)))

        return look

    network = nn.Sequential(make_encoder(), make_decoder(CHANNELS)) if stage == "sources" else Transfer()
    network = variant.prepare(network.train())
    optimizer = variant.optimizer(network)

    def learn():
        i = torch.randint(0, 256, (BATCH,))
        with variant.autocast():
            prediction = network(picture(i) if stage == "sources" else variant.image(features[i].float()))
        loss = (prediction.float() - targets[i].float()).abs().mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    return learn


def rate(step, seconds):
    """Images per second of processor time."""
    step()
    steps, start = 0, time.process_time()
    while steps < 3 or time.process_time() - start < seconds:
        step()
        steps += 1
    return steps * BATCH / (time.process_time() - start)


def our_rates(bench):
    """The better precision of each stage."""
    lines = subprocess.run([bench, "rates"], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    best = {}
    for stage, _precision, images in (line.split() for line in lines if len(line.split()) == 3):
        best[stage] = max(best.get(stage, 0.0), float(images))
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bench")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each figure of theirs")
    parser.add_argument("--variants", default="eager,tuned,compiled", help="compiled takes minutes to compile first")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)

    theirs = [variant for variant in variants() if variant.name in arguments.variants.split(",")]
    if not theirs:
        parser.error(f"no variant of {arguments.variants} is one of " + ", ".join(v.name for v in variants()))
    steps = {}
    for variant in list(theirs):
        try:
            for stage in STAGES:
                steps[variant.name, stage] = make_step(variant, stage)
                steps[variant.name, stage]()
        except Exception as error:  # torch.compile needs a compiler, and more
            if not variant.compiled:
                raise
            print(f"torch.compile is left out: {str(error).splitlines()[0]}")
            theirs.remove(variant)

    rates = {}
    for _ in range(arguments.rounds):
        for stage, images in our_rates(arguments.bench).items():
            rates.setdefault(("ours", stage), []).append(images)
        for variant in theirs:
            for stage in STAGES:
                rates.setdefault((variant.name, stage), []).append(
                    rate(steps[variant.name, stage], arguments.seconds))

    names = [variant.name for variant in theirs]
    print(f"PyTorch {torch.__version__}, tuned: channels-last, one thread"
          f"{', fused Adam' if version() >= (2, 4) else ''}{', autocast to bfloat16' if has_bfloat16() else ''}")
    print("images/s".ljust(12) + "".join(name.rjust(10) for name in ["ours", *names]) + "   ours / best of theirs")
    for stage in STAGES:
        median = {name: statistics.median(rates[name, stage]) for name in ["ours", *names]}
        best = max(median[name] for name in names)
        print(stage.ljust(12) + "".join(f"{median[name]:10.1f}" for name in ["ours", *names])
              + f"{median['ours'] / best:10.2f}")


if __name__ == "__main__":
    main()
