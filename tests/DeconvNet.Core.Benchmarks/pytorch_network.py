"""Times a forward pass of the library's compact DeconvNet or FCN-8s in PyTorch, module after module: NETWORK WIDTH FC CLASSES BATCH HEIGHT WIDTH.

The weights are random and FCN-8s cuts its maps at the upper left: neither changes the time. Each line on stdin asks for one run, and is answered by its seconds.
"""
import sys
import time

import torch
from torch import nn
from torch.nn import functional

network = sys.argv[1]
width, fc, classes, batch, image_height, image_width = map(int, sys.argv[2:])
blocks = [(1, 2), (2, 2), (4, 3), (8, 3), (8, 3)]


def stage(kind, channels, out, kernel, padding, norm):
    layers = [kind(channels, out, kernel, padding=padding)]
    if norm:
        layers.append(nn.BatchNorm2d(out))
    return nn.Sequential(*layers, nn.ReLU())


def encoder(norm):
    channels, result = 3, nn.ModuleList()
    for factor, count in blocks:
        layers = []
        for _ in range(count):
            layers.append(stage(nn.Conv2d, channels, factor * width, 3, 1, norm))
            channels = factor * width
        result.append(nn.Sequential(*layers))
    return result


class DeconvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder, side = encoder(True), image_height // 32
        self.fc = nn.Sequential(
            stage(nn.Conv2d, 8 * width, fc, side, 0, True),
            stage(nn.Conv2d, fc, fc, 1, 0, True),
            stage(nn.ConvTranspose2d, fc, 8 * width, side, 0, True))
        self.decoder = nn.ModuleList()
        for i in reversed(range(5)):
            factor, count = blocks[i]
            last = blocks[i - 1][0] if i else 1
            self.decoder.append(nn.Sequential(*(
                stage(nn.ConvTranspose2d, factor * width, (last if j == count - 1 else factor) * width, 3, 1, True)
                for j in range(count))))
        self.score = nn.Conv2d(width, classes, 1)

    def forward(self, x):
        switches = []
        for block in self.encoder:
            x, indices = functional.max_pool2d(block(x), 2, return_indices=True)
            switches.append(indices)
        x = self.fc(x)
        for block, indices in zip(self.decoder, reversed(switches)):
            x = block(functional.max_unpool2d(x, indices, 2))
        return self.score(x)


class Fcn8s(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = encoder(False)
        self.fc = nn.Sequential(stage(nn.Conv2d, 8 * width, fc, 5, 2, False), stage(nn.Conv2d, fc, fc, 1, 0, False), nn.Conv2d(fc, classes, 1))
        self.pool4, self.pool3 = nn.Conv2d(8 * width, classes, 1), nn.Conv2d(4 * width, classes, 1)
        self.up2, self.up4 = (nn.ConvTranspose2d(classes, classes, 4, 2, bias=False) for _ in range(2))
        self.up8 = nn.ConvTranspose2d(classes, classes, 16, 8, bias=False)

    def forward(self, x):
        image, pools = x, []
        for block in self.encoder:
            x = functional.max_pool2d(block(x), 2, ceil_mode=True)
            pools.append(x)
        x = self.add(self.up2(self.fc(x)), self.pool4(pools[3]))
        x = self.add(self.up4(x), self.pool3(pools[2]))
        return self.up8(x)[..., :image.shape[2], :image.shape[3]]

    @staticmethod
    def add(x, skip):
        return x[..., :skip.shape[2], :skip.shape[3]] + skip


model = (DeconvNet if network == "deconvnet" else Fcn8s)().eval()
image = torch.randn(batch, 3, image_height, image_width)
with torch.no_grad():
    model(image)
    print(torch.__version__, flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        model(image)
        print(time.perf_counter() - start, flush=True)
