"""Makes the score maps in tests/DeconvNet.Core.Tests/Reference/fcn with PyTorch.

Debian 12:  apt-get install -y python3-torch python3-numpy
            /usr/bin/python3 tests/tools/make_fcn_reference.py

FCN as its prototxts describe it, layer by layer, with the published crop offsets, in double precision. The networks are narrow and their
weights a formula, so that only photo sizes and scores need to be stored. The file name says variant, height and width.
"""
import math
import pathlib

import numpy
import torch
import torch.nn.functional as F

WIDTH, FC, CLASSES = 2, 5, 3
BLOCKS = [2, 2, 3, 3, 3]
MULTIPLES = [1, 2, 4, 8, 8]
SIZES = [(1, 1), (19, 45), (64, 33)]


def wave(seed, *shape):
    """Numbers between -1 and 1 that tests/.../FcnWaves.cs makes too."""
    count = math.prod(shape)
    place = torch.arange(count, dtype=torch.float64)
    return torch.sin(place * 1.7 + seed * 0.9 + 0.3 * torch.cos(place * 0.11)).reshape(shape)


class Numbers:
    """Hands out the seeds in the order of the layer table."""

    def __init__(self):
        self.seed = 0

    def next(self, *shape):
        self.seed += 1
        return wave(self.seed, *shape)


def bilinear(kernel):
    factor = kernel // 2
    center = (kernel - 1) / 2
    line = torch.tensor([1 - abs(i - center) / factor for i in range(kernel)], dtype=torch.float64)
    weight = torch.zeros(CLASSES, CLASSES, kernel, kernel, dtype=torch.float64)
    for c in range(CLASSES):
        weight[c, c] = line[:, None] * line[None, :]
    return weight


def crop(map, like, offset):
    return map[:, :, offset:offset + like.shape[2], offset:offset + like.shape[3]]


def fcn(photo, stride, at_once):
    numbers = Numbers()
    pooled = {}
    x, channels = photo, 3
    for block, count in enumerate(BLOCKS):
        for i in range(count):
            out = WIDTH * MULTIPLES[block]
            weight = numbers.next(out, channels, 3, 3) * math.sqrt(4 / (channels * 9))
            x = F.relu(F.conv2d(x, weight, numbers.next(out), padding=100 if block == i == 0 else 1))
            channels = out
        x = F.max_pool2d(x, 2, 2, ceil_mode=True)
        pooled[block + 1] = x, channels
    for kernel in (7, 1):
        weight = numbers.next(FC, channels, kernel, kernel) * math.sqrt(4 / (channels * kernel * kernel))
        x = F.relu(F.conv2d(x, weight, numbers.next(FC)))
        channels = FC

    def score(map, channels):
        return F.conv2d(map, numbers.next(CLASSES, channels, 1, 1), numbers.next(CLASSES))

    x = score(x, channels)
    if stride == 32:
        return crop(F.conv_transpose2d(x, bilinear(64), stride=32), photo, 19)
    x = F.conv_transpose2d(x, bilinear(4), stride=2)
    map, channels = pooled[4]
    x = x + crop(score(map * 0.01 if at_once else map, channels), x, 5)
    if stride == 16:
        return crop(F.conv_transpose2d(x, bilinear(32), stride=16), photo, 27)
    x = F.conv_transpose2d(x, bilinear(4), stride=2)
    map, channels = pooled[3]
    x = x + crop(score(map * 0.0001 if at_once else map, channels), x, 9)
    return crop(F.conv_transpose2d(x, bilinear(16), stride=8), photo, 31)


def main():
    folder = pathlib.Path(__file__).parent.parent / "DeconvNet.Core.Tests" / "Reference" / "fcn"
    folder.mkdir(exist_ok=True)
    for height, width in SIZES:
        photo = wave(1000, 1, 3, height, width)
        for name, stride, at_once in [("fcn32s", 32, False), ("fcn16s", 16, False), ("fcn8s", 8, False), ("fcn8s-atonce", 8, True)]:
            scores = fcn(photo, stride, at_once)
            assert scores.shape == (1, CLASSES, height, width), scores.shape
            print(name, height, width, scores.abs().max().item())
            numpy.save(folder / f"{name}_{height}x{width}.npy", scores.numpy().astype(numpy.float32))


main()
