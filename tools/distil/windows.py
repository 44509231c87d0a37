"""Squares of photos: where they lie, and how they are cut out on the device, with targets and with the teacher's features."""
import math

import numpy as np
import torch
import torch.nn.functional as F

from pictures import OUTSIDE
from teacher import nodes

MEAN = (104.00698793, 116.66876762, 122.67891434)       # BGR


class Windows:
    """Draws squares [image, center x, center y, side] in pixels: around objects (rare classes more often), anywhere, and whole photos."""

    def __init__(self, members, sizes, objects, seed, object_scale=(-0.45, 0.6), least=0.0, masked=None, masked_share=0.4):
        """masked: which photos have masks; so much of the windows of each kind shows them. None: as many as there are."""
        self.members, self.sizes, self.random = members, sizes, np.random.default_rng(seed)
        self.object_scale, self.least = object_scale, least
        self.objects = objects[np.isin(objects[:, 0].astype(int), members)]
        classes, of = self.objects[:, 5].astype(int), self.objects[:, 0].astype(int)
        weight = 1 / np.sqrt(np.maximum(np.bincount(classes, minlength=21), 1.0))
        self.upto = np.cumsum(self.favor(weight[classes], masked, of, masked_share))
        self.members_upto = np.cumsum(self.favor(np.ones(len(members)), masked, members, masked_share))

    @staticmethod
    def favor(weight, masked, of, share):
        if masked is None or masked[of].all() or not masked[of].any():
            return weight
        m = masked[of]
        return np.where(m, weight * share / weight[m].sum(), weight * (1 - share) / weight[~m].sum())

    def pick(self, upto, n):
        return np.searchsorted(upto, self.random.uniform(0, upto[-1], n), side="right").clip(max=len(upto) - 1)

    def draw(self, n, shares, anywhere=(0.25, 1.2), whole=(1.0, 1.3)):
        r = self.random
        kind = r.choice(3, n, p=shares)
        out = np.empty((n, 4), np.float32)
        k = np.flatnonzero(kind == 0)
        o = self.objects[self.pick(self.upto, len(k))]
        side = 1.2 * np.maximum(o[:, 3] - o[:, 1], o[:, 4] - o[:, 2]) * np.exp(r.uniform(*self.object_scale, len(k)))
        side = np.maximum(side, np.maximum(36, self.least * self.sizes[o[:, 0].astype(int)].max(1)))
        shift = r.normal(0, 0.1, (2, len(k))) * side
        out[k] = np.stack([o[:, 0], (o[:, 1] + o[:, 3]) / 2 + shift[0], (o[:, 2] + o[:, 4]) / 2 + shift[1], side], 1)
        for which, (low, high) in ((1, anywhere), (2, whole)):
            k = np.flatnonzero(kind == which)
            image = self.members[self.pick(self.members_upto, len(k))]
            h, w = self.sizes[image].T
            side = np.maximum(h, w) * np.exp(r.uniform(math.log(low), math.log(high), len(k)))
            spread = 0.03 if which == 2 else None
            x = r.uniform(0.1, 0.9, len(k)) if spread is None else 0.5 + r.normal(0, spread, len(k))
            y = r.uniform(0.1, 0.9, len(k)) if spread is None else 0.5 + r.normal(0, spread, len(k))
            out[k] = np.stack([image, x * w, y * h, side], 1)
        return out


class Cutter:
    def __init__(self, pictures):
        self.p, self.device = pictures, pictures.device
        self.sizes = torch.from_numpy(pictures.sizes[:pictures.count]).to(self.device)
        self.scale = torch.from_numpy(pictures.scales().astype(np.float32)).to(self.device)
        self.mean = torch.tensor(MEAN, device=self.device)[None, :, None, None]

    def moves(self, b, augment):
        """Matrix [B, 2, 2] from offsets in the window to offsets in the photo: mirror, a little stretching, now and then a little turning."""
        one = torch.ones(b, device=self.device)
        if not augment:
            return torch.stack([torch.stack([one, 0 * one], -1), torch.stack([0 * one, one], -1)], -2)
        u = lambda low, high: torch.empty(b, device=self.device).uniform_(low, high)
        flip = torch.where(u(0, 1) < 0.5, -one, one)
        stretch = u(-0.12, 0.12).exp()
        angle = torch.where(u(0, 1) < 0.3, u(-0.2, 0.2), 0 * one)
        cos, sin = angle.cos(), angle.sin()
        return torch.stack([torch.stack([cos * flip * stretch, -sin / stretch], -1), torch.stack([sin * flip * stretch, cos / stretch], -1)], -2)

    def places(self, w, move, n):
        """Pixel positions [B, n, n, 2] of the centers of n x n cells."""
        at = (torch.arange(n, device=self.device) + 0.5) / n - 0.5
        offset = torch.stack([at[None, :].expand(n, n), at[:, None].expand(n, n)], -1)
        return w[:, None, None, 1:3] + w[:, None, None, 3:4] * torch.einsum("bij,yxj->byxi", move, offset)

    def beyond(self, at, hw):
        return (at[..., 0] < 0) | (at[..., 0] >= hw[:, None, None, 1]) | (at[..., 1] < 0) | (at[..., 1] >= hw[:, None, None, 0])

    @torch.no_grad()
    def cut(self, windows, size, augment, soft_share, feature_sizes=(), mixed=0.0, black=True):
        """Input [B, 3, size, size], target distribution [B, 21, size, size], weight [B, size, size], labels, and (features, inside) per feature size.
        Outside the photo the input is black, as in the crops of proposals, or (black=False) 0 after the mean, as padding is."""
        p = self.p
        w = torch.from_numpy(windows).to(self.device, non_blocking=True)
        index, b = w[:, 0].long(), len(w)
        hw, scale = self.sizes[index], self.scale[index]
        move = self.moves(b, augment)
        edges = lambda at: at * (2 / p.side) - 1
        picture = F.grid_sample(p.on_device[index].float(), edges(self.places(w, move, 2 * size)), mode="bilinear", padding_mode="zeros", align_corners=False)
        picture = F.avg_pool2d(picture, 2)
        at = self.places(w, move, size)
        outside = self.beyond(at, hw)
        if augment:
            picture = self.recolor(picture)
        picture = picture * ~outside[:, None]
        input = picture.flip(1) - self.mean                # RGB to BGR
        if not black:
            input = input * ~outside[:, None]

        labels = F.grid_sample(p.masks[index][:, None].float(), edges(at), mode="nearest", padding_mode="border", align_corners=False)[:, 0].long()
        soft = F.grid_sample(p.probabilities[index].float(), self.nodes(at, scale), mode="bilinear", padding_mode="border", align_corners=True)
        soft = soft / soft.sum(1, keepdim=True).clamp(min=1e-4)
        known = (labels < 21) & ~outside
        hard = F.one_hot(torch.where(known, labels, torch.zeros_like(labels)), 21).permute(0, 3, 1, 2).float()
        target = torch.where(known[:, None], soft_share * soft + (1 - soft_share) * hard, soft)
        weight = (~outside & (labels != OUTSIDE)).float()
        # Of photos without masks what the teacher is sure of counts most: its outlines are coarse.
        sure = 0.25 + 0.75 * ((soft.max(1).values - 0.5) * 2).clamp(0, 1)
        weight = torch.where(known, weight, weight * sure)

        features = []
        theirs = p.features[index].float() if feature_sizes else None
        for n in feature_sizes:
            at = self.places(w, move, n)
            f = F.grid_sample(theirs, self.nodes(at, scale), mode="bilinear", padding_mode="border", align_corners=True)
            features.append((f, (~self.beyond(at, hw)).float()))
        if mixed > 0:
            input, target, weight, labels, features = self.mix(mixed, size, input, target, weight, labels, features)
        return input, target, weight, labels, features

    def nodes(self, at, scale):
        n = nodes(self.p.stride)
        return (((at * scale[:, None, None, None] - 0.5) / self.p.stride).clamp(0, n - 1)) * (2 / (n - 1)) - 1

    def recolor(self, picture):
        b = len(picture)
        u = lambda low, high: torch.empty(b, 1, 1, 1, device=self.device).uniform_(low, high)
        gray = picture.mean(1, keepdim=True)
        picture = gray + (picture - gray) * torch.where(u(0, 1) < 0.05, torch.zeros((), device=self.device), u(0.6, 1.4))
        center = picture.mean((1, 2, 3), keepdim=True)
        picture = ((picture - center) * u(0.7, 1.3) + center) * u(0.75, 1.25)
        picture = picture * torch.empty(b, 3, 1, 1, device=self.device).uniform_(0.92, 1.08)
        # Photos differ in sharpness and noise: some are blurred, some sharpened.
        soft = F.avg_pool2d(F.pad(picture, (1, 1, 1, 1), mode="replicate"), 3, 1)
        picture = picture + (soft - picture) * torch.where(u(0, 1) < 0.4, u(-0.8, 1.0), torch.zeros((), device=self.device))
        picture = picture + torch.randn_like(picture) * torch.where(u(0, 1) < 0.2, u(0, 8), torch.zeros((), device=self.device))
        return picture.clamp(0, 255)

    def mix(self, share, size, input, target, weight, labels, features):
        """CutMix: in some windows a rectangle shows another window of the batch."""
        b = len(input)
        u = lambda low, high: torch.empty(b, 1, 1, device=self.device).uniform_(low, high)
        area, aspect = u(0.1, 0.45), u(-0.5, 0.5).exp()
        hh, ww = (area * aspect).sqrt().clamp(max=1), (area / aspect).sqrt().clamp(max=1)
        y0, x0 = u(0, 1) * (1 - hh), u(0, 1) * (1 - ww)
        chosen = u(0, 1) < share

        def inside(n):
            at = (torch.arange(n, device=self.device) + 0.5) / n
            y, x = at[None, :, None], at[None, None, :]
            return chosen & (y >= y0) & (y < y0 + hh) & (x >= x0) & (x < x0 + ww)

        other = lambda t: t.roll(1, 0)
        m = inside(size)
        features = [(torch.where(inside(f.shape[-1])[:, None], other(f), f), torch.where(inside(f.shape[-1]), other(ok), ok)) for f, ok in features]
        return (torch.where(m[:, None], other(input), input), torch.where(m[:, None], other(target), target), torch.where(m, other(weight), weight),
                torch.where(m, other(labels), labels), features)
