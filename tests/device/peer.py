"""Transfers of order 1 as a good user of PyTorch would train them: the networks and steps of core/transfer on made-up features.

eager: float32 and nothing else. tuned: channels-last, bfloat16 where the device has it, fused Adam, everything on the device.
compiled: the same under torch.compile(mode="reduce-overhead"), which replays CUDA graphs. Prints transfers per hour of one process.
"""

import argparse
import time

import torch
from torch import nn


def conv(inputs, outputs, bias=False):
    return nn.Conv2d(inputs, outputs, 3, padding=1, bias=bias)


def branch(channels):
    layers = []
    for _ in range(2):
        layers += [conv(channels, channels), nn.BatchNorm2d(channels), nn.ReLU(True)]
    return nn.Sequential(*layers)


def small_decoder(channels, doublings):
    layers, widths = [conv(channels, 64, True)], [48, 32, 24, 16]
    channels = 64
    for level in range(doublings):
        width = widths[min(level, 3)]
        layers += [nn.Upsample(scale_factor=2), conv(channels, width), nn.BatchNorm2d(width), nn.ReLU(True)]
        channels = width
    return nn.Sequential(*layers, conv(channels, 3, True), nn.Tanh())


def paper_decoder(channels, doublings):
    layers = []
    for width in (1024, 1024, 512, 256, 256, 128):
        layers += [conv(channels, width), nn.BatchNorm2d(width), nn.LeakyReLU(0.2, True)]
        channels = width
    for level in range(doublings):
        width = max(16, 64 >> level)
        layers += [nn.ConvTranspose2d(channels, width, 4, 2, 1, bias=False), nn.BatchNorm2d(width), nn.LeakyReLU(0.2, True)]
        if level + 1 < doublings:
            layers += [conv(width, width), nn.BatchNorm2d(width), nn.LeakyReLU(0.2, True)]
        channels = width
    return nn.Sequential(*layers, conv(channels, 3, True), nn.Tanh())


class Transfer(nn.Module):
    def __init__(self, channels, decoder):
        super().__init__()
        self.norm = nn.BatchNorm2d(channels)
        self.first, self.second = branch(channels), branch(channels)
        self.joined = nn.BatchNorm2d(2 * channels)
        self.decoder = decoder

    def forward(self, features):
        features = self.norm(features.clamp(-3.0, 3.0))
        return self.decoder(self.joined(torch.cat([self.first(features), self.second(features)], 1)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--side", type=int, default=64)
    parser.add_argument("--variant", choices=["eager", "tuned", "compiled"], default="eager")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--steps", type=int, default=100, help="timed steps")
    parser.add_argument("--of", type=int, default=100, help="steps of one transfer")
    options = parser.parse_args()
    torch.manual_seed(1)
    device, tuned = torch.device(options.device), options.variant != "eager"
    large = options.side >= 256
    side, doublings, channels, images = (16, 4, 8, 256) if large else (8, 3, 8, 512)
    features = torch.randn(images, channels, side, side)
    targets = torch.rand(images, 3, side << doublings, side << doublings) * 2 - 1
    make = paper_decoder if large else small_decoder
    network = Transfer(channels, make(2 * channels, doublings)).to(device)
    if tuned:
        network = network.to(memory_format=torch.channels_last)
        features, targets = features.to(device), targets.to(device)
    adam = torch.optim.Adam(network.parameters(), lr=1e-3, **({"fused": True} if tuned else {}))
    half = tuned and device.type == "cuda" and torch.cuda.is_bf16_supported()
    step = torch.compile(network, mode="reduce-overhead") if options.variant == "compiled" else network

    def train(steps):
        for _ in range(steps):
            chosen = torch.randint(images, (options.batch,), device=features.device)
            inputs, wanted = features[chosen].to(device), targets[chosen].to(device)
            if tuned:
                inputs = inputs.contiguous(memory_format=torch.channels_last)
            adam.zero_grad(set_to_none=True)
            with torch.autocast(device.type, torch.bfloat16, enabled=half):
                predicted = step(inputs)
            loss = (predicted.float() - wanted).abs().mean()
            if not tuned:
                loss.item()  # what most training loops do
            loss.backward()
            adam.step()
        if device.type == "cuda":
            torch.cuda.synchronize()

    train(min(10, options.steps))
    begin = time.perf_counter()
    train(options.steps)
    seconds = (time.perf_counter() - begin) / options.steps
    print(
        f"peer {options.side} px, {options.variant}: {3600 / (seconds * options.of):.0f} transfers an hour in one process,"
        f" {options.batch / seconds:.0f} images/s (PyTorch {torch.__version__})"
    )


if __name__ == "__main__":
    main()
