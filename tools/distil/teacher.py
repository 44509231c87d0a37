"""DeepLab-v3 on MobileNet-v2 (21 classes; trained on ImageNet, COCO and VOC) as PyTorch, from an .npz of its 8-bit kernels and a .json of its layers.

At output stride 16 it is the network as published (mean IoU 74.2 % on VOC val); at stride 8 (74.6 %) it takes two to three times as long.
"""
import json
import os

import numpy as np
import torch
import torch.nn.functional as F

FRAME = 513          # side of the frame that a photo is put into, top left


def nodes(stride):
    """Logits along a side of the frame; node k lies on pixel stride * k."""
    return (FRAME - 1) // stride + 1


class Teacher:
    def __init__(self, folder, device, stride=16, dtype=torch.float32):
        self.layers = json.load(open(os.path.join(folder, "deeplabv3_mnv2_voc.json")))["layers"]
        stored = np.load(os.path.join(folder, "deeplabv3_mnv2_voc.npz"))
        self.weights, self.dtype, self.stride = {}, dtype, stride
        strided = [layer for layer in self.layers if layer["op"] == "depthwise" and layer["stride"] == 2]
        seen_last = False
        for layer in self.layers:
            if layer["op"] not in ("conv", "depthwise"):
                continue
            w = (stored[layer["name"] + "_W"].astype(np.float32) - layer["w_zero"]) * layer["w_scale"]
            w = w.transpose(3, 2, 0, 1) if layer["op"] == "conv" else w.transpose(2, 0, 1)[:, None]
            self.weights[layer["name"]] = (torch.from_numpy(np.ascontiguousarray(w)).to(device, dtype),
                                           torch.from_numpy(stored[layer["name"] + "_b"].astype(np.float32)).to(device, dtype))
            # The file describes stride 16. For stride 8 the last layer of stride 2 gets stride 1, and all later ones twice their dilation.
            if stride == 8 and layer is strided[-1]:
                layer["stride"], seen_last = 1, True
            elif seen_last and layer["op"] == "depthwise":
                layer["dilation"] *= 2

    @torch.no_grad()
    def __call__(self, x):
        """x: [N, 3, 513, 513], RGB * 2/255 - 1, 0 outside the photo. Returns logits [N, 21, n, n] and features [N, 256, n, n]."""
        t = {"input": x.to(self.dtype)}
        last = features = None
        uses = {}
        for layer in self.layers:
            for k in ("input", "input2"):
                if k in layer:
                    uses[layer[k]] = layer
        for layer in self.layers:
            op, a = layer["op"], t[layer["input"]]
            if op in ("conv", "depthwise"):
                w, b = self.weights[layer["name"]]
                k, s, d = w.shape[-1], layer["stride"], layer["dilation"]
                def pad(n):
                    total = max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0)
                    return total // 2, total - total // 2
                (top, bottom), (left, right) = pad(a.shape[2]), pad(a.shape[3])
                groups = a.shape[1] if op == "depthwise" else 1
                if top == bottom and left == right:
                    a = F.conv2d(a, w, b, stride=s, dilation=d, padding=(top, left), groups=groups)
                else:
                    a = F.conv2d(F.pad(a, (left, right, top, bottom)), w, b, stride=s, dilation=d, groups=groups)
                a = {"relu": F.relu, "relu6": F.relu6, "none": lambda v: v}[layer["activation"]](a)
            elif op == "add":
                a = a + t[layer["input2"]]
            elif op == "global_mean":
                a = a.mean((2, 3), keepdim=True)
            elif op == "broadcast":
                a = a.expand(-1, -1, *last)
            elif op == "concat":
                a = torch.cat([a, t[layer["input2"]]], 1)
            if a.shape[2] > 1:
                last = a.shape[2:]
            t[layer["output"]] = a
            if layer.get("name") == "L53":
                features = a
            for name in [n for n in t if uses.get(n) is layer]:
                del t[name]            # a map is not needed after its last use
        return a, features
