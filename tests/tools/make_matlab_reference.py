"""Makes the files of tests/DeconvNet.Core.Tests/Reference/proposals with SciPy.

Debian 12:  apt-get install -y python3-scipy
            /usr/bin/python3 tests/tools/make_matlab_reference.py

All but one hold the same three boxes of an image of 50 x 40 pixels, as MATLAB counts them: x1 y1 x2 y2 from 1, both ends included, in the
image with 40 black columns on the left and right and 50 black rows above and below. SciPy writes the byte order of this machine only;
big_endian.mat is put together here, of small elements too, and SciPy must read the same boxes from it.
"""
import pathlib
import struct

import numpy
import scipy.io
import scipy.sparse

FOLDER = pathlib.Path(__file__).parent.parent / "DeconvNet.Core.Tests/Reference/proposals"
BOXES = numpy.array([[41, 51, 90, 90], [36, 41, 95, 100], [51, 56, 70, 75]])

NEIGHBORS_BEFORE = {
    "names": numpy.array(["boxes_padded", "b"], dtype=object),
    "info": {"boxes_padded": numpy.ones((2, 4)), "when": "2015"},
    "text": "boxes_padded",
    "byte": numpy.int8(7),
    "cube": numpy.zeros((2, 3, 4)),
}
NEIGHBORS_AFTER = {
    "sparse": scipy.sparse.csc_matrix(numpy.eye(3)),
    "complex": numpy.array([[1 + 2j]]),
    "flag": numpy.array([[True, False]]),
    "none": numpy.zeros((0, 0)),
}


def element(kind, data):
    if 0 < len(data) <= 4:
        return struct.pack(">I", len(data) << 16 | kind) + data.ljust(4, b"\0")
    return struct.pack(">II", kind, len(data)) + data + b"\0" * (-len(data) % 8)


def big_endian(variables):
    parts = []
    for name, values in variables.items():
        stored = values.astype(">u1") if values.max() < 256 else values.astype(">f8")
        body = element(6, struct.pack(">II", 6, 0)) + element(5, struct.pack(">ii", *values.shape)) + element(1, name.encode())
        body += element(2 if stored.itemsize == 1 else 9, stored.tobytes(order="F"))
        parts.append(struct.pack(">II", 14, len(body)) + body)
    return b"MATLAB 5.0 MAT-file, big endian".ljust(124) + struct.pack(">H", 0x100) + b"MI" + b"".join(parts)


def save(name, variables, **options):
    scipy.io.savemat(FOLDER / f"{name}.mat", variables, **options)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    save("plain", {"boxes_padded": BOXES.astype(float)})
    save("compressed", {"boxes_padded": BOXES.astype(float)}, do_compression=True)
    for kind in ("uint8", "int16", "int32", "uint64", "single"):
        save(kind, {"boxes_padded": BOXES.astype(kind)})
    several = {**NEIGHBORS_BEFORE, "boxes_padded": BOXES.astype(float), **NEIGHBORS_AFTER}
    save("several", several)
    save("several_compressed", several, do_compression=True)
    save("empty", {"boxes_padded": numpy.zeros((0, 4))})
    path = FOLDER / "big_endian.mat"
    path.write_bytes(big_endian({"n": numpy.array([[3]]), "image_size": numpy.array([[40, 50]]), "boxes_padded": BOXES, "far": numpy.array([[1e9]])}))
    assert (scipy.io.loadmat(path)["boxes_padded"] == BOXES).all()


main()
