"""Packs of photos (see make_pack.py), decoded by many processes into one block of shared memory, and the teacher's word on each of them."""
import io
import json
import math
import mmap
import multiprocessing
import os
import threading
import time
import zipfile

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from scipy import ndimage

from teacher import FRAME, Teacher, nodes

UNKNOWN, OUTSIDE, VOID = 253, 254, 255
_shared = {}


def _array(name, shape):
    """Zeroed memory that forked processes share."""
    block = mmap.mmap(-1, max(1, math.prod(shape)))
    _shared[name] = np.frombuffer(block, np.uint8)[:math.prod(shape)].reshape(shape)
    return _shared[name]


def _decode(job):
    slot, photo, mask, side = job
    image = Image.open(io.BytesIO(photo)).convert("RGB")
    if max(image.size) > side:
        scale = side / max(image.size)
        image = image.resize(tuple(max(1, round(v * scale)) for v in image.size), Image.LANCZOS)
    image = np.asarray(image)
    h, w = image.shape[:2]
    _shared["pixels"][slot, :, :h, :w] = image.transpose(2, 0, 1)
    truth = _shared["truth"][slot]
    truth[:] = OUTSIDE
    if mask is None:
        truth[:h, :w] = UNKNOWN
    else:
        m = Image.open(io.BytesIO(mask))
        truth[:h, :w] = np.asarray(m if m.size == (w, h) else m.resize((w, h), Image.NEAREST))
    return h, w


class Pictures:
    """Photos [N, 3, side, side] in the top left corner of a square, masks [N, side, side], and the teacher's probabilities and features at its nodes."""

    def __init__(self, capacity, side, workers):
        self.capacity, self.side, self.count = capacity, side, 0
        self.pixels, self.truth = _array("pixels", (capacity, 3, side, side)), _array("truth", (capacity, side, side))
        self.sizes, self.names, self.boxes, self.held, self.objects = np.zeros((capacity, 2), np.float32), [], {}, set(), []
        self.turn = threading.Lock()       # whoever holds it has the device alone
        # Forked before anything touches the device, since a process with a device context must not fork.
        self.pool = multiprocessing.get_context("fork").Pool(workers)

    def read(self, path, limit=None):
        """Decodes a pack; returns the range of its photos. Photos beyond the capacity are left out."""
        jobs, first = [], self.count
        with zipfile.ZipFile(path) as z:
            have = set(z.namelist())
            boxes = json.loads(z.read("boxes.json"))
            self.held |= set(z.read("hold_out.txt").decode().split())
            for n in sorted(have)[:limit]:
                if n.endswith(".webp") and first + len(jobs) < self.capacity:
                    stem = n[:-5]
                    jobs.append((first + len(jobs), z.read(n), z.read(stem + ".png") if stem + ".png" in have else None, self.side))
                    self.names.append(stem)
                    if stem in boxes:
                        self.boxes[stem] = boxes[stem]
        if jobs:
            self.sizes[first:first + len(jobs)] = self.pool.map(_decode, jobs, chunksize=16)
            self.count += len(jobs)
        return range(first, self.count)

    def to_device(self, device, stride):
        n = nodes(stride)
        self.stride, self.device = stride, device
        self.on_device = torch.empty((self.capacity, 3, self.side, self.side), dtype=torch.uint8, device=device)
        self.masks = torch.empty((self.capacity, self.side, self.side), dtype=torch.uint8, device=device)
        self.probabilities = torch.empty((self.capacity, 21, n, n), dtype=torch.float16, device=device)
        self.features = torch.empty((self.capacity, 256, n, n), dtype=torch.float16, device=device)

    def scales(self):
        """Pixels of the teacher's frame in a pixel of each photo: the longer side fills the frame."""
        return (FRAME - 1) / self.sizes[:self.count].max(1)

    def label(self, teacher, members, batch, mirror):
        """Uploads photos and asks the teacher."""
        for i in range(members.start, members.stop, batch):
            k = slice(i, min(i + batch, members.stop))
            with self.turn:
                self.on_device[k] = torch.from_numpy(self.pixels[k]).to(self.device)
                self.masks[k] = torch.from_numpy(self.truth[k]).to(self.device)
                p, self.features[k] = ask(teacher, self.on_device[k], self.sizes[k], mirror)
                self.probabilities[k] = p
                best = p.argmax(1).byte().cpu().numpy()
            for j, regions in zip(range(k.start, k.stop), best):
                self.objects += self.objects_of(j, regions)

    def objects_of(self, i, regions):
        """[image, x0, y0, x1, y1, class] in pixels: annotated boxes, and for a photo without mask the regions that the teacher sees."""
        boxes = self.boxes.get(self.names[i])
        if boxes:
            return [[i, *b] for b in boxes if max(b[2] - b[0], b[3] - b[1]) >= 20]
        k = self.stride * self.sizes[i].max() / (FRAME - 1)        # pixels of the photo between two nodes
        # What the teacher says of the empty part of its frame does not count.
        rows, columns = (int((v - 1) / k) + 1 for v in self.sizes[i])
        regions = regions[:rows, :columns]
        if self.truth[i, 0, 0] != UNKNOWN or not regions.any():
            return []
        out = []
        for c in np.unique(regions[regions > 0]):
            for rows, columns in ndimage.find_objects(ndimage.label(regions == c)[0]):
                if (rows.stop - rows.start) * (columns.stop - columns.start) * self.stride ** 2 >= 1024:
                    out.append([i, columns.start * k, rows.start * k, columns.stop * k, rows.stop * k, int(c)])
        return out


@torch.no_grad()
def ask(teacher, pixels, sizes, mirror):
    """Probabilities [N, 21, n, n] of photos (mean with those of the mirror image) and features [N, 256, n, n]."""
    device, stride, b = pixels.device, teacher.stride, len(pixels)
    hw = torch.from_numpy(sizes).to(device)
    scale = (FRAME - 1) / hw.max(1).values
    at = torch.arange(FRAME, device=device, dtype=torch.float32)
    side = pixels.shape[-1]
    inside = ((at[None] < (hw[:, :1] * scale[:, None]).round())[:, :, None] & (at[None] < (hw[:, 1:] * scale[:, None]).round())[:, None, :])[:, None]
    # Positions in the photo, kept off the black beyond its edge.
    place = (at[None] + 0.5) / scale[:, None]
    low = torch.full((), 0.5, device=device)
    x = torch.minimum(torch.maximum(place, low), hw[:, 1:] - 0.5) * (2 / side) - 1
    y = torch.minimum(torch.maximum(place, low), hw[:, :1] - 0.5) * (2 / side) - 1
    grid = torch.stack([x[:, None, :].expand(b, FRAME, FRAME), y[:, :, None].expand(b, FRAME, FRAME)], -1)
    picture = F.grid_sample(pixels.float(), grid, mode="bilinear", padding_mode="border", align_corners=False) * (2 / 255) - 1
    picture = torch.where(inside, picture, torch.zeros((), device=device)).to(teacher.dtype)
    if device.type == "cuda":
        picture = picture.contiguous(memory_format=torch.channels_last)
    logits, features = teacher(picture)
    p = logits.float().softmax(1)
    if mirror:
        # Mirrored within its own width: column c becomes width - 1 - c.
        width = (hw[:, 1] * scale).round().long()
        source = (width[:, None] - 1 - torch.arange(FRAME, device=device)[None]).clamp(0)
        mirrored = torch.where(inside, torch.gather(picture, 3, source[:, None, None, :].expand(-1, 3, FRAME, -1)), torch.zeros((), dtype=picture.dtype, device=device))
        other = teacher(mirrored.contiguous(memory_format=torch.channels_last) if device.type == "cuda" else mirrored)[0].float().softmax(1)
        n = other.shape[-1]
        back = ((width[:, None] - 1 - torch.arange(n, device=device)[None] * stride) / stride).clamp(0, n - 1)
        below = back.floor().long().clamp(max=n - 2)
        t = (back - below)[:, None, None, :]
        take = lambda k: torch.gather(other, 3, k[:, None, None, :].expand(-1, other.shape[1], n, -1))
        p = 0.5 * p + 0.5 * (take(below) * (1 - t) + take(below + 1) * t)
    return p.half(), features.half()


class Arrivals(threading.Thread):
    """Decodes and labels packs as they arrive in a folder, beside whatever else the process does, until a file named `go` is there and nothing new is left."""

    def __init__(self, folder, pictures, teacher_folder, say, mirror_masked=True, mirror_all=False, limit=None):
        super().__init__(daemon=True)
        self.folder, self.pictures, self.teacher_folder, self.say, self.limit = folder, pictures, teacher_folder, say, limit
        self.mirror_masked, self.mirror_all, self.error = mirror_masked, mirror_all, None

    def run(self):
        try:
            p, done = self.pictures, set()
            cuda = p.device.type == "cuda"
            teacher = Teacher(self.teacher_folder, p.device, p.stride, torch.float16 if cuda else torch.float32)
            while True:
                ready = os.path.exists(os.path.join(self.folder, "go"))
                new = [f for f in sorted(os.listdir(self.folder)) if f.endswith(".zip") and f not in done]
                for f in new:
                    begun = time.time()
                    members = p.read(os.path.join(self.folder, f), self.limit)
                    decoded = time.time()
                    masked = any((p.truth[i, 0, 0] != UNKNOWN) for i in members[:50])
                    p.label(teacher, members, 48 if cuda else 2, self.mirror_all or (masked and self.mirror_masked))
                    if cuda:
                        torch.cuda.synchronize()
                    done.add(f)
                    self.say(f"{f}: {len(members)} photos, decoded in {decoded - begun:.1f} s, labeled in {time.time() - decoded:.1f} s")
                if ready and not new:
                    return
                time.sleep(0.2)
        except Exception as error:      # the main thread raises it again
            self.error = error
