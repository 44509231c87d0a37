"""Makes tests/DeconvNet.Core.Tests/Reference/unpool/cases.json with PyTorch.

Debian 12:  apt-get install -y python3-torch python3-numpy
            /usr/bin/python3 tests/tools/make_unpool_reference.py

Each case is a pooling of small random whole numbers and the unpooling of its values. "output" is what torch.nn.MaxUnpool2d returns where
each index occurs once in its plane. Where indices repeat, PyTorch leaves the winner open; there "output" is made by assigning the values one
by one in row-major order, and "repeats" is true. "gradient" is the derivative of sum(output * weights), by autograd of the same computation.
All numbers are small and whole, so that they are exact in every type, bfloat16 too.
"""
import json
import pathlib

import torch

# kernel, stride, padding, input (height, width), output size given to the unpooling
CASES = [
    ((2, 2), (2, 2), (0, 0), (8, 8), None),
    ((2, 2), (2, 2), (0, 0), (7, 9), (7, 9)),
    ((2, 2), (2, 2), (0, 0), (8, 8), (9, 9)),
    ((2, 2), (2, 2), (1, 1), (8, 6), None),
    ((3, 3), (3, 3), (1, 1), (7, 10), None),
    ((3, 3), (3, 3), (1, 0), (8, 11), (8, 11)),
    ((3, 2), (3, 2), (0, 1), (9, 6), None),
    ((2, 2), (3, 3), (0, 0), (8, 8), None),
    ((2, 2), (3, 3), (0, 0), (10, 7), (10, 7)),
    ((1, 1), (1, 1), (0, 0), (4, 5), None),
    ((1, 1), (2, 2), (0, 0), (6, 5), (6, 5)),
    ((2, 3), (4, 3), (1, 1), (11, 9), (11, 9)),
    ((4, 4), (4, 4), (2, 2), (12, 12), None),
    ((5, 1), (5, 1), (2, 0), (10, 4), (10, 4)),
    ((7, 7), (7, 7), (0, 0), (7, 7), None),
    ((2, 2), (2, 2), (0, 0), (2, 2), None),
    ((3, 3), (2, 2), (0, 0), (7, 7), None),
    ((3, 3), (2, 2), (1, 1), (8, 8), (8, 8)),
    ((3, 3), (2, 2), (1, 1), (9, 8), (9, 8)),
    ((3, 3), (1, 1), (1, 1), (5, 6), None),
    ((2, 2), (1, 1), (0, 0), (5, 4), None),
    ((5, 4), (2, 3), (2, 1), (9, 10), (9, 10)),
    ((4, 2), (2, 2), (0, 0), (9, 7), (9, 7)),
    ((3, 2), (1, 2), (0, 0), (6, 5), (6, 5)),
]


def assigned(values, indices, size):
    planes = values.reshape(-1, values.shape[-2] * values.shape[-1])
    places = indices.reshape(planes.shape)
    output = []
    for plane, switches in zip(planes, places):
        row = [plane.new_zeros(())] * (size[0] * size[1])
        for value, place in zip(plane, switches.tolist()):
            row[place] = value
        output.append(torch.stack(row))
    return torch.stack(output).reshape(*values.shape[:-2], *size)


def main():
    generator = torch.Generator().manual_seed(9)
    cases = []
    for kernel, stride, padding, size, output_size in CASES:
        for batched in (True, False):
            shape = ((2, 3) if batched else (2,)) + size
            image = torch.randint(-40, 41, shape, generator=generator).double()
            _, indices = torch.nn.functional.max_pool2d(image, kernel, stride, padding, return_indices=True)
            # Not the pooled values: those of one place are equal, and would not tell which one won.
            values = torch.randint(-120, 121, indices.shape, generator=generator).double().requires_grad_()
            unpool = torch.nn.MaxUnpool2d(kernel, stride, padding)
            natural = unpool(values, indices, output_size)
            flat = indices.reshape(-1, indices.shape[-2] * indices.shape[-1])
            repeats = any(len(set(plane)) < len(plane) for plane in flat.tolist())
            output = assigned(values, indices, natural.shape[-2:])
            if not repeats:
                assert torch.equal(output, natural)
            weights = torch.randint(-9, 10, output.shape, generator=generator).double()
            gradient, = torch.autograd.grad((output * weights).sum(), values)
            cases.append({
                "kernel": kernel, "stride": stride, "padding": padding, "outputSize": output_size,
                "repeats": repeats, "shape": indices.shape, "outputShape": output.shape,
                "values": [int(v) for v in values.flatten()], "indices": indices.flatten().tolist(),
                "output": [int(v) for v in output.flatten()], "weights": [int(v) for v in weights.flatten()],
                "gradient": [int(v) for v in gradient.flatten()],
            })
    root = pathlib.Path(__file__).resolve().parents[1] / "DeconvNet.Core.Tests" / "Reference" / "unpool"
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    (root / "cases.json").write_text(f'{{"torch":"{torch.__version__}","cases":[\n{lines}\n]}}\n')
    print(len(cases), "cases,", sum(case["repeats"] for case in cases), "with repeated indices")


main()
