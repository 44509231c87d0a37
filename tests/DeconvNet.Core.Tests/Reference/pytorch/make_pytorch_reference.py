#!/usr/bin/env python3
"""Makes the small PyTorch checkpoints and NumPy archives that the tests of the readers load.

    apt-get install -y python3-torch python3-numpy
    /usr/bin/python3 tests/DeconvNet.Core.Tests/Reference/pytorch/make_pytorch_reference.py

Written with PyTorch 1.13 and NumPy 1.24 of Debian 12. Values follow from formulas (see pattern), so that the tests can recompute them;
the two VGG-16 are random, and what they compute for the image of pixels() is stored beside them.
"""
import collections
import os
import struct
import zipfile

import numpy
import torch
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
NUMPY = os.path.join(HERE, "..", "numpy")


def pattern(shape, salt):
    """Value i of a tensor is ((7 i + 13 salt) mod 101 - 50) / 64, exact in 32 bits."""
    count = int(numpy.prod(shape))
    return (((torch.arange(count) * 7 + 13 * salt) % 101 - 50).float() / 64).reshape(shape)


def layouts():
    """Every type and every way in which a tensor can lie in its storage."""
    shared = torch.arange(24).float()
    return collections.OrderedDict([
        ("float", pattern((2, 3), 1)),
        ("double", pattern((2, 3), 2).double()),
        ("half", pattern((2, 3), 3).half()),
        ("bfloat16", pattern((2, 3), 4).bfloat16()),
        ("long", torch.arange(-3, 3)),
        ("int", torch.arange(-3, 3, dtype=torch.int32)),
        ("short", torch.arange(-3, 3, dtype=torch.int16)),
        ("char", torch.arange(-3, 3, dtype=torch.int8)),
        ("byte", torch.arange(250, 256, dtype=torch.uint8)),
        ("bool", torch.tensor([True, False, True])),
        ("scalar", torch.tensor(7.5)),
        ("empty", torch.zeros(0, 3)),
        ("transposed", shared[:12].reshape(3, 4).t()),
        ("offset", shared[12:].reshape(3, 4)[1:, ::2]),
        ("whole", shared),
        ("channels_last", pattern((2, 3, 4, 5), 5).contiguous(memory_format=torch.channels_last)),
        ("parameter", nn.Parameter(pattern((4,), 6))),
    ])


def deconvnet_names():
    """The layers of a DeconvNet of width 1, fc 2, input 32, 3 classes, with the names that a PyTorch module can have."""
    rows, channels = [], 3
    widths, counts = [1, 2, 4, 8, 8], [2, 2, 3, 3, 3]
    for block in range(5):
        for i in range(counts[block]):
            rows.append(("conv%d_%d" % (block + 1, i + 1), "bn%d_%d" % (block + 1, i + 1), (widths[block], channels, 3, 3), widths[block]))
            channels = widths[block]
    rows.append(("fc6", "bnfc6", (2, 8, 1, 1), 2))
    rows.append(("fc7", "bnfc7", (2, 2, 1, 1), 2))
    rows.append(("fc6_deconv", "fc6_deconv_bn", (2, 8, 1, 1), 8))
    channels = 8
    for block in reversed(range(5)):
        for i in range(counts[block]):
            width = widths[block - 1] if i == counts[block] - 1 and block > 0 else widths[block]
            rows.append(("deconv%d_%d" % (block + 1, i + 1), "debn%d_%d" % (block + 1, i + 1), (channels, width, 3, 3), width))
            channels = width
    rows.append(("seg_score_voc", None, (3, channels, 1, 1), 3))
    return rows


def deconvnet():
    state, salt = collections.OrderedDict(), 0
    for name, norm, shape, width in deconvnet_names():
        parts = [(name + ".weight", shape), (name + ".bias", (width,))]
        if norm:
            parts += [(norm + "." + part, (width,)) for part in ("weight", "bias", "running_mean", "running_var")]
        for part, size in parts:
            salt += 1
            state[part] = pattern(size, salt) + (1 if part.endswith("running_var") else 0)
        if norm:
            state[norm + ".num_batches_tracked"] = torch.tensor(12)
    return state


class Vgg(nn.Module):
    """torchvision's VGG-16 with a sixty-fourth of its channels; fc 4, 5 classes."""

    def __init__(self, norm):
        super().__init__()
        layers, channels = [], 3
        for step in (1, 1, "M", 2, 2, "M", 4, 4, 4, "M", 8, 8, 8, "M", 8, 8, 8, "M"):
            if step == "M":
                layers.append(nn.MaxPool2d(2, 2))
                continue
            layers.append(nn.Conv2d(channels, 2 * step, 3, padding=1))
            nn.init.kaiming_normal_(layers[-1].weight, nonlinearity="relu")
            nn.init.uniform_(layers[-1].bias, 0, 0.3)
            channels = 2 * step
            if norm:
                layers.append(nn.BatchNorm2d(channels))
                for tensor, low, high in ((layers[-1].weight, 0.8, 1.2), (layers[-1].bias, 0, 0.3), (layers[-1].running_mean, 0, 0.2), (layers[-1].running_var, 0.5, 1.5)):
                    nn.init.uniform_(tensor, low, high)
            layers.append(nn.ReLU())
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Linear(channels * 49, 4), nn.ReLU(), nn.Dropout(), nn.Linear(4, 4), nn.ReLU(), nn.Dropout(), nn.Linear(4, 5))
        for layer in (self.classifier[0], self.classifier[3]):
            nn.init.uniform_(layer.bias, 0.5, 1)


def pixels():
    """A photo of 224 x 224: value of pixel (x, y), plane c is (3x + 5y + 7c + x y / 64) mod 256."""
    y, x, c = numpy.mgrid[0:224, 0:224, 0:3]
    return ((3 * x + 5 * y + 7 * c + x * y // 64) % 256).astype(numpy.uint8)


def vgg(norm, name):
    torch.manual_seed(4 if norm else 3)
    model = Vgg(norm).eval()
    torch.save(model.state_dict(), os.path.join(HERE, name + ".pth"))
    torch.save(model.state_dict(), os.path.join(HERE, name + "_legacy.pth"), _use_new_zipfile_serialization=False) if not norm else None
    image = torch.from_numpy(pixels()).permute(2, 0, 1).float() / 255
    image = (image - torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)) / torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)
    with torch.no_grad():
        pool5 = model.features(image[None])
        fc7 = model.classifier[:5](pool5.flatten(1))
    assert (fc7 > 0).sum() >= 2 and (pool5 > 0).float().mean() > 0.2, (fc7, (pool5 > 0).float().mean())
    numpy.save(os.path.join(HERE, name + "_pool5.npy"), pool5[0].numpy())
    numpy.save(os.path.join(HERE, name + "_fc7.npy"), fc7[0].numpy())


def arrays():
    """Arrays of every type and order, packed; and one that holds an object."""
    base = pattern((2, 3, 4), 7).numpy()
    numpy.savez_compressed(
        os.path.join(NUMPY, "types.npz"),
        f2=base.astype("f2"), f4=base, f8=base.astype("f8"), big=base.astype(">f4"), fortran=numpy.asfortranarray(base),
        whole=numpy.arange(6), scalar=numpy.float32(7.5), empty=numpy.zeros((0, 3), "f4"))
    numpy.save(os.path.join(NUMPY, "fortran.npy"), numpy.asfortranarray(base))
    numpy.save(os.path.join(NUMPY, "object.npy"), numpy.array({"a": 1}), allow_pickle=True)


def main():
    for name, protocol in (("layouts", 2), ("layouts_protocol5", 5)):
        torch.save(layouts(), os.path.join(HERE, name + ".pt"), pickle_protocol=protocol)
    torch.save(layouts(), os.path.join(HERE, "layouts_legacy.pt"), _use_new_zipfile_serialization=False)
    wrapped = collections.OrderedDict(("module." + name, tensor) for name, tensor in deconvnet().items())
    torch.save(
        {"epoch": 3, "best": 0.5, "arch": "deconvnet", "history": [1, (2.5, None)], "state_dict": wrapped, "optimizer": {"state": {0: {"momentum": torch.ones(2)}}}},
        os.path.join(HERE, "deconvnet_width1.pt"))
    torch.save(nn.Linear(1, 1), os.path.join(HERE, "whole_model.pt"))
    vgg(False, "vgg16_width2")
    vgg(True, "vgg16_bn_width2")
    arrays()


if __name__ == "__main__":
    main()
