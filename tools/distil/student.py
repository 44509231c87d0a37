"""DeconvNet and FCN-8s in plain PyTorch, with the layer names of the library's safetensors files, which they read and write.

Pooling keeps the place of the first largest value of each 2x2 window, as libtorch's max_pool2d does; unpooling puts values back there.
"""
import json
import struct

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

PER_BLOCK = (2, 2, 3, 3, 3)
TIMES = (1, 2, 4, 8, 8)
CLASSES = ("background aeroplane bicycle bird boat bottle bus car cat chair cow diningtable dog horse motorbike person pottedplant sheep sofa "
           "train tvmonitor").split()
PREPROCESSING = {"order": "Bgr", "scale": 1, "mean0": 104.00699, "mean1": 116.66877, "mean2": 122.67892}


def compiling():
    return hasattr(torch, "compiler") and torch.compiler.is_compiling()


def corners(x):
    return x[..., 0::2, 0::2], x[..., 0::2, 1::2], x[..., 1::2, 0::2], x[..., 1::2, 1::2]


def largest(x):
    """Maximum of each 2x2 window, and the number of the corner (row by row) where it first stands."""
    a, b, c, d = corners(x)
    m = torch.maximum(torch.maximum(a, b), torch.maximum(c, d))
    corner = torch.where(a == m, 0, torch.where(b == m, 1, torch.where(c == m, 2, 3)))
    return m, corner.to(torch.uint8)


def spread(x, corner):
    n, c, h, w = x.shape
    format = torch.channels_last if x.is_contiguous(memory_format=torch.channels_last) else torch.contiguous_format
    out = torch.empty((n, c, 2 * h, 2 * w), dtype=x.dtype, device=x.device, memory_format=format)
    for k, part in enumerate(corners(out)):
        part.copy_(x * (corner == k))
    return out


def collect(x, corner):
    return sum(part * (corner == k) for k, part in enumerate(corners(x)))


class Pool(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        m, corner = largest(x)
        ctx.save_for_backward(corner)
        ctx.mark_non_differentiable(corner)
        return m, corner

    @staticmethod
    def backward(ctx, gradient, _):
        return spread(gradient, ctx.saved_tensors[0])


class Unpool(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, corner):
        ctx.save_for_backward(corner)
        return spread(x, corner)

    @staticmethod
    def backward(ctx, gradient):
        return collect(gradient, ctx.saved_tensors[0]), None


def pool(x):
    """Pooled values and their corners. Uncompiled it keeps the memory format and little memory; compiled it is fused with what stands around it."""
    if not compiling():
        return Pool.apply(x)
    with torch.no_grad():
        corner = largest(x)[1]
    a, b, c, d = corners(x)
    return torch.where(corner == 0, a, torch.where(corner == 1, b, torch.where(corner == 2, c, d))), corner


def unpool(x, corner):
    if not compiling():
        return Unpool.apply(x, corner)
    n, c, h, w = x.shape
    a, b, c_, d = (torch.where(corner == k, x, torch.zeros((), dtype=x.dtype, device=x.device)) for k in range(4))
    top, bottom = torch.stack((a, b), -1).reshape(n, c, h, 2 * w), torch.stack((c_, d), -1).reshape(n, c, h, 2 * w)
    return torch.stack((top, bottom), 3).reshape(n, c, 2 * h, 2 * w)


def key(name):
    return name.replace("-", "_")


class Network(nn.Module):
    """What both networks share: rows (kind, name, batch norm, kernel) with one convolution each, stored under the library's names."""

    def __init__(self, eps):
        super().__init__()
        self.eps, self.rows, self.conv, self.bn = eps, [], nn.ModuleDict(), nn.ModuleDict()

    def add(self, kind, name, norm, into, out, k, padding):
        conv = nn.Conv2d(into, out, k, padding=padding, bias=kind == "score")
        if kind == "score":
            nn.init.normal_(conv.weight, 0, 0.01)
            nn.init.zeros_(conv.bias)
        else:
            nn.init.kaiming_normal_(conv.weight, mode="fan_out" if kind == "expand" else "fan_in", nonlinearity="relu")
        if kind == "expand":       # stored as a deconvolution: [in, out, k, k]
            conv.weight = nn.Parameter(conv.weight.detach().transpose(0, 1).contiguous())
        self.conv[key(name)] = conv
        if norm:
            self.bn[key(norm)] = nn.BatchNorm2d(out, eps=self.eps)
        self.rows.append((kind, name, norm, k))

    def add_encoder(self, width):
        c = 3
        for b in range(5):
            for i in range(PER_BLOCK[b]):
                self.add("conv", f"conv{b+1}_{i+1}", f"bn{b+1}_{i+1}", c, width * TIMES[b], 3, 1)
                c = width * TIMES[b]
            self.rows.append(("pool", f"pool{b+1}", None, 2))
        return c

    def norm(self, name, x):
        return F.relu(self.bn[key(name)](x))

    def tensors(self):
        """Name to tensor as the library stores them. A deconvolution of stride 1 is stored with its kernel turned and its channels exchanged."""
        out = {}
        for kind, name, norm, _ in self.rows:
            if kind in ("pool", "unpool"):
                continue
            conv = self.conv[key(name)]
            w = conv.weight.detach()
            out[name + ".weight"] = w.flip(2, 3).transpose(0, 1).contiguous() if kind == "deconv" else w
            if conv.bias is not None:
                out[name + ".bias"] = conv.bias.detach()
            if norm:
                bn = self.bn[key(norm)]
                out |= {norm + ".weight": bn.weight.detach(), norm + ".bias": bn.bias.detach(),
                        norm + ".running_mean": bn.running_mean, norm + ".running_var": bn.running_var}
        return out

    @torch.no_grad()
    def load(self, stored):
        """Copies every tensor of the same name and shape; returns the names of the layers that were not found or had another shape."""
        missing, own = [], self.tensors()
        for kind, name, norm, _ in self.rows:
            if kind in ("pool", "unpool"):
                continue
            conv = self.conv[key(name)]
            w = stored.get(name + ".weight")
            if w is None or tuple(w.shape) != tuple(own[name + ".weight"].shape):
                missing.append(name)
                continue
            conv.weight.copy_(w.transpose(0, 1).flip(2, 3) if kind == "deconv" else w)
            if conv.bias is not None and name + ".bias" in stored:
                conv.bias.copy_(stored[name + ".bias"])
            if norm and norm + ".weight" in stored:
                bn = self.bn[key(norm)]
                for part, to in (("weight", bn.weight), ("bias", bn.bias), ("running_mean", bn.running_mean), ("running_var", bn.running_var)):
                    to.copy_(stored[f"{norm}.{part}"])
        return missing


class DeconvNet(Network):
    network = None

    def __init__(self, width=32, fc=512, size=128, classes=21, eps=1e-5):
        super().__init__(eps)
        self.width, self.fc, self.size, self.classes = width, fc, size, classes
        top = self.add_encoder(width)
        s = size // 32
        self.add("fc", "fc6", "bnfc6", top, fc, s, 0)
        self.add("fc", "fc7", "bnfc7", fc, fc, 1, 0)
        self.add("expand", "fc6-deconv", "fc6-deconv-bn", fc, top, s, 0)
        c = top
        for b in range(4, -1, -1):
            self.rows.append(("unpool", f"unpool{b+1}", None, 2))
            for i in range(PER_BLOCK[b]):
                t = TIMES[b - 1] if i == PER_BLOCK[b] - 1 and b > 0 else TIMES[b]
                self.add("deconv", f"deconv{b+1}_{i+1}", f"debn{b+1}_{i+1}", c, width * t, 3, 1)
                c = width * t
        self.add("score", "seg-score-voc", None, c, classes, 1, 0)

    def forward(self, x, watch=()):
        """Logits [N, classes, S, S]; and the outputs of the layers named in watch."""
        switches, seen = [], {}
        for kind, name, norm, k in self.rows:
            if kind == "pool":
                x, s = pool(x)
                switches.append(s)
            elif kind == "unpool":
                x = unpool(x, switches.pop())
            else:
                conv = self.conv[key(name)]
                if kind == "expand":
                    x = (x.flatten(1) @ conv.weight.flatten(1)).view(x.shape[0], -1, k, k)
                elif kind == "fc":
                    x = F.linear(x.flatten(1), conv.weight.flatten(1))[..., None, None]
                else:
                    x = conv(x)
                if norm:
                    x = self.norm(norm, x)
            if name in watch:
                seen[name] = x
        return x, seen

    def options(self):
        return {"classCount": self.classes, "width": self.width, "fcChannels": self.fc, "inputSize": self.size, "convBias": False,
                "batchNormEpsilon": self.eps, "batchNormMomentum": 0.1, "naming": "Authors", "softmaxOutput": False, "preprocessing": PREPROCESSING}


class Fcn8s(Network):
    """FCN-8s with the padding of FcnOptions.Compact (1 at conv1_1, fc6 odd and padded to its own size). Height and width: multiples of 32."""
    network = "fcn"

    def __init__(self, width=32, fc=512, kernel=5, classes=21, eps=1e-5):
        super().__init__(eps)
        self.width, self.fc, self.kernel, self.classes = width, fc, kernel, classes
        top = self.add_encoder(width)
        self.add("conv", "fc6", "bnfc6", top, fc, kernel, kernel // 2)
        self.add("conv", "fc7", "bnfc7", fc, fc, 1, 0)
        for name, into in (("score_fr", fc), ("score_pool4", width * 8), ("score_pool3", width * 4)):
            self.add("score", name, None, into, classes, 1, 0)
        for name, factor in (("upscore2", 2), ("upscore_pool4", 2), ("upscore8", 8)):
            at = torch.arange(2 * factor)
            line = 1 - (at - (2 * factor - 1) / 2).abs() / factor
            self.register_buffer(name, (line[:, None] * line[None])[None, None].repeat(classes, 1, 1, 1), persistent=False)

    def enlarge(self, name, x, skip, h, w):
        k = getattr(self, name)
        # Fixed bilinear kernels; in full precision, since they are nearly free and autocast would round the scores.
        with torch.autocast(x.device.type, enabled=False):
            x = F.conv_transpose2d(x.float(), k, stride=k.shape[-1] // 2, groups=self.classes)
        return x[:, :, skip:skip + h, skip:skip + w]

    def forward(self, x, watch=()):
        seen, pooled, size = {}, {}, x.shape[2:]
        for kind, name, norm, k in self.rows:
            if kind == "pool":
                x = F.max_pool2d(x, 2)
                pooled[name] = x
            elif kind == "conv":
                x = self.norm(norm, self.conv[key(name)](x))
            if name in watch:
                seen[name] = x
        x = self.conv["score_fr"](x)
        for name, skip in (("upscore2", "pool4"), ("upscore_pool4", "pool3")):
            finer = pooled[skip]
            x = self.enlarge(name, x, 1, finer.shape[2], finer.shape[3]) + self.conv["score_" + skip](finer)
        return self.enlarge("upscore8", x, 4, *size), seen

    def tensors(self):
        out = super().tensors()
        for name in ("upscore2", "upscore_pool4", "upscore8"):
            k = getattr(self, name)
            out[name + ".weight"] = torch.diag_embed(k[:, 0].permute(1, 2, 0)).permute(2, 3, 0, 1).contiguous()
        return out

    def options(self):
        return {"stride": "Eight", "classCount": self.classes, "width": self.width, "fcChannels": self.fc, "inputPadding": 1, "fc6Kernel": self.kernel,
                "fc6Padding": self.kernel // 2, "batchNorm": True, "convBias": False, "batchNormEpsilon": self.eps, "batchNormMomentum": 0.1, "dropout": 0,
                "atOnce": False, "upsampling": "Fixed", "preprocessing": PREPROCESSING}


def read_safetensors(path):
    data = open(path, "rb").read()
    n = struct.unpack("<Q", data[:8])[0]
    head = json.loads(data[8:8 + n])
    types = {"F32": np.float32, "F16": np.float16, "F64": np.float64}
    out = {}
    for name, t in head.items():
        if name != "__metadata__":
            a, b = t["data_offsets"]
            kind = np.dtype(types[t["dtype"]])
            out[name] = torch.from_numpy(np.frombuffer(data, kind, offset=8 + n + a, count=(b - a) // kind.itemsize).astype(np.float32).reshape(t["shape"]))
    return out


def write_safetensors(path, net, info):
    """Kernels in half precision, everything else in single, with the header that the library reads."""
    meta = {"deconvnet.classes": json.dumps(CLASSES), "deconvnet.format": "1", "deconvnet.info": json.dumps(info), "deconvnet.options": json.dumps(net.options())}
    if net.network:
        meta["deconvnet.network"] = net.network
    head, parts, place = {"__metadata__": meta}, [], 0
    for name, t in sorted(net.tensors().items(), key=lambda kv: kv[1].dim() > 1):      # 4-byte values first, so that all are aligned
        half = t.dim() > 1
        raw = t.detach().float().cpu().contiguous().numpy().astype(np.float16 if half else np.float32).tobytes()
        head[name] = {"dtype": "F16" if half else "F32", "shape": list(t.shape), "data_offsets": [place, place + len(raw)]}
        parts.append(raw)
        place += len(raw)
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + b"".join(parts))
