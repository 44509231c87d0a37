#!/usr/bin/env python3
"""Makes start weights for an encoder of any width from the kernels of VGG's first blocks (Keras layout, .npz): as many blocks, up to three, as the file has.

    python3 tools/vgg_start.py vgg16_block1_block2.npz 32 vgg_start_32.safetensors

VGG-19 has the same first layers, and a fourth one in block 3, which is left out.

A narrower layer keeps the output channels that matter most: the product of the kernel's norm and of the norm of the weights that
read the channel in the next layer. The kept channels stay in their order, and the next layer reads those only. Biases are left out:
batch norm follows. Plain Python, no packages.
"""
import ast
import itertools
import json
import struct
import sys
import zipfile

LAYERS = [("block1_conv1", "conv1_1", 1), ("block1_conv2", "conv1_2", 1), ("block2_conv1", "conv2_1", 2), ("block2_conv2", "conv2_2", 2),
          ("block3_conv1", "conv3_1", 4), ("block3_conv2", "conv3_2", 4), ("block3_conv3", "conv3_3", 4)]


def read_npy(data):
    (length,) = struct.unpack_from("<H", data, 8)
    header = ast.literal_eval(data[10:10 + length].decode("ascii"))
    if header["descr"] not in ("<f4", "<f2") or header["fortran_order"]:
        raise SystemExit("expected little-endian float32 or float16 in C order")
    count = 1
    for side in header["shape"]:
        count *= side
    return header["shape"], struct.unpack_from("<%d%s" % (count, "f" if header["descr"] == "<f4" else "e"), data, 10 + length)


def to_kernels(shape, values):
    """[kh, kw, in, out] as kernels[out][in] = the kh * kw values in order."""
    rows, columns, inputs, outputs = shape
    return [[[values[((k * inputs) + i) * outputs + o] for k in range(rows * columns)] for i in range(inputs)] for o in range(outputs)]


def norm(values):
    return sum(value * value for value in values) ** 0.5


def main(source, width, target):
    archive = zipfile.ZipFile(source)
    names = archive.namelist()
    layers = list(itertools.takewhile(lambda layer: layer[0] + "_W.npy" in names, LAYERS))
    if not layers:
        raise SystemExit("%s has no block1_conv1_W.npy, the kernels of VGG's first layer" % source)
    kernels = [to_kernels(*read_npy(archive.read(keras + "_W.npy"))) for keras, _, _ in layers]
    tensors, kept_inputs = {}, [0, 1, 2]
    for index, (_, name, factor) in enumerate(layers):
        layer = kernels[index]
        weight = [norm([v for i in kept_inputs for v in kernel[i]]) for kernel in layer]
        if index + 1 < len(kernels):
            weight = [w * norm([v for kernel in kernels[index + 1] for v in kernel[o]]) for o, w in enumerate(weight)]
        count = min(width * factor, len(layer))
        kept = sorted(sorted(range(len(layer)), key=lambda o: -weight[o])[:count])
        tensors[name + ".weight"] = ([count, len(kept_inputs), 3, 3], [v for o in kept for i in kept_inputs for v in layer[o][i]])
        kept_inputs = kept

    header, position = {"__metadata__": {"source": "VGG (Simonyan and Zisserman, arXiv:1409.1556), CC BY 4.0, first %d layers" % len(layers)}}, 0
    for name, (shape, values) in tensors.items():
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [position, position + 4 * len(values)]}
        position += 4 * len(values)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(target, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, values in tensors.values():
            file.write(struct.pack("<%df" % len(values), *values))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
