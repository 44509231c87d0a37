"""Trains the default DeconvNet and FCN-8s by distillation on one GPU, inside a fixed time.

    python3 train.py FOLDER --teacher TEACHER --out OUT --start-from compact.safetensors --capacity 50000

- FOLDER receives packs of photos (make_pack.py); they are decoded and labeled by the teacher as they arrive, while the network is compiled. A file
  `go` with two numbers, the seconds for DeconvNet and for FCN-8s from now, starts the training.
- Targets are a mean of the ground truth (where a photo has a mask) and the teacher's probabilities; photos without masks have the teacher's alone.
- Every example is a square window: around an object (rare classes more often), anywhere, or the whole photo; black outside the photo, where nothing is
  learned. Mirrored, stretched, turned, recolored, mixed (CutMix), all on the device.
- Besides the cross-entropy of the logits, fc7 names the window's classes and encoder layers imitate the teacher's features.
- The schedule is a function of the time that has passed, so a run always ends with its cosine, however fast the device is.
- The exponential mean of the weights is kept; its batch-norm statistics are the plain mean over batches of training windows, taken at the end.
- Writes OUT/deconvnet.safetensors and OUT/fcn8s.safetensors (in parts if --split), OUT/log.csv, OUT/report.json (scores of windows of held-out photos).

Photos of VOC val are never given to it. It runs on a CPU, too (slowly): for trying it.
"""
import argparse
import copy
import csv
import json
import math
import os
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from pictures import UNKNOWN, Arrivals, Pictures
from student import CLASSES, DeconvNet, Fcn8s, read_safetensors, write_safetensors
from teacher import nodes
from windows import Cutter, Windows

START = time.time()


def say(*words):
    print(f"[{time.time() - START:6.1f}]", *words, flush=True)


class Lesson(nn.Module):
    """The network with its teachers' ears: a head that names classes from fc7, and layers that imitate the teacher's features."""

    def __init__(self, net, watched, width, fc, foreground):
        super().__init__()
        self.net, self.watched, self.foreground = net, watched, foreground
        self.head = nn.Linear(fc, 21)
        self.imitate = nn.ModuleList([nn.Conv2d(width * 8, 256, 1) for _ in watched])

    def forward(self, input, target, weight, features, inside, shares_of_loss):
        """Total loss, its parts [3] and the predicted classes."""
        logits, outputs = self.net(input, (*self.watched, "fc7"))
        said = self.head(outputs["fc7"].mean((2, 3)))
        stress = weight * (1 + (self.foreground - 1) * (1 - target[:, 0]))
        pixel = (-(target * F.log_softmax(logits.float(), 1)).sum(1) * stress).sum() / stress.sum().clamp(min=1)
        shares = (target * weight[:, None]).sum((2, 3)) + 1e-6
        shares = shares.sqrt() / shares.sqrt().sum(1, keepdim=True)
        named = -(shares * F.log_softmax(said.float(), 1)).sum(1).mean()
        feature = torch.zeros((), device=input.device)
        for layer, name, theirs, ok in zip(self.imitate, self.watched, features, inside):
            mine = layer(outputs[name]).float()
            feature = feature + ((1 - F.cosine_similarity(mine, theirs, 1)) * ok).sum() / ok.sum().clamp(min=1)
        loss = pixel + shares_of_loss[0] * named + shares_of_loss[1] * feature
        return loss, torch.stack([pixel.detach(), named.detach(), feature.detach()]), logits.detach().argmax(1)


class Run:
    """One network's training: optimizer, schedule by the clock, mean of weights, log."""

    def __init__(self, name, lesson, size, batch, rate, decay, feature_sizes, black, o, device):
        self.name, self.lesson, self.size, self.batch, self.rate, self.black, self.o = name, lesson, size, batch, rate, black, o
        self.device, self.amp, self.feature_sizes, self.step = device, device.type == "cuda", feature_sizes, 0
        self.everything = [v for v in lesson.parameters()]
        groups = [{"params": [v for v in self.everything if v.dim() > 1], "weight_decay": decay}, {"params": [v for v in self.everything if v.dim() <= 1], "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.99), **({"fused": True} if self.amp else {}))
        self.kept = copy.deepcopy(lesson.net)
        self.call = lesson

    def forget(self):
        """Nothing of the warm-up stays: neither in the optimizer nor in the means."""
        self.optimizer.state.clear()
        self.kept.load_state_dict(self.lesson.net.state_dict())
        self.step = 0

    def descend(self, batch_of, shares_of_loss, rate):
        input, target, weight, labels, wanted = batch_of
        for g in self.optimizer.param_groups:
            g["lr"] = rate
        if self.amp:
            input = input.contiguous(memory_format=torch.channels_last)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.amp):
            loss, parts, best = self.call(input, target, weight, [f for f, _ in wanted], [k for _, k in wanted], shares_of_loss)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.everything, 5.0)
        self.optimizer.step()
        self.step += 1
        with torch.no_grad():
            keep = min(0.999, 1 - 1 / (1 + self.step / 10))
            mine, theirs = list(self.kept.parameters()), list(self.lesson.net.parameters())
            torch._foreach_mul_(mine, keep)
            torch._foreach_add_(mine, theirs, alpha=1 - keep)
        return loss, parts, best

    def speed(self, steps=12):
        """Seconds of a step on made-up windows of this run's shapes."""
        made, weights = self.made_up(), torch.ones(2, device=self.device)
        for k in range(3 + steps):
            if k == 3:
                torch.cuda.synchronize()
                begun = time.time()
            self.descend(made, weights, 0.0)
        torch.cuda.synchronize()
        return (time.time() - begun) / steps

    def made_up(self):
        b, s, d = self.batch, self.size, self.device
        target = torch.softmax(torch.randn(b, 21, s, s, device=d), 1)
        return (torch.randn(b, 3, s, s, device=d) * 50, target, torch.ones(b, s, s, device=d), torch.zeros(b, s, s, device=d, dtype=torch.long),
                [(torch.rand(b, 256, n, n, device=d), torch.ones(b, n, n, device=d)) for n in self.feature_sizes])

    def train(self, seconds, draw, cutter, exam, log):
        o, begun, seen, since, told, checked = self.o, time.time(), 0, 0, time.time(), time.time()
        while True:
            done = (time.time() - begun) / seconds
            if done >= 1:
                break
            early = done < o.encoder_share
            rate = self.rate * min(1.0, (self.step + 1) / 200) * (0.5 + 0.5 * math.cos(math.pi * done) + 1e-3)
            batch = cutter.cut(draw(self.batch, early), self.size, True, o.soft_share, self.feature_sizes, o.mixed, self.black)
            loss, parts, best = self.descend(batch, torch.tensor([1.0, 1.0] if early else [0.3, 0.5], device=self.device), rate)
            seen, since = seen + self.batch, since + self.batch
            if self.step % 50 == 0 or not self.amp:
                labels = batch[3]
                known = labels < 21
                accuracy = float((best[known] == labels[known]).float().mean())
                speed = since / (time.time() - told)
                log.writerow([self.name, self.step, round(time.time() - START, 1), *(round(float(v), 4) for v in (loss, *parts)), round(accuracy, 4), f"{rate:.2e}", round(speed)])
                if not math.isfinite(float(loss)):
                    say("the loss is not finite: back to the mean of the weights, at half the rate")
                    self.lesson.net.load_state_dict(self.kept.state_dict())
                    self.optimizer.state.clear()
                    self.rate *= 0.5
                if self.step % 250 == 0 or not self.amp:
                    say(f"{self.name} step {self.step} done {done:.2f} loss {float(loss):.3f} pixel {float(parts[0]):.3f} class {float(parts[1]):.3f} feature {float(parts[2]):.3f} "
                        f"accuracy {accuracy:.3f} {speed:.0f} windows/s")
                since, told = 0, time.time()
            if time.time() - checked > o.check_every:
                write_safetensors(os.path.join(o.out, self.name + ".part.safetensors"), self.lesson.net, {"id": self.name + "-unfinished"})
                say(self.name, "held-out windows: mean IoU %.4f pixel accuracy %.4f" % score(self.lesson.net, cutter, exam, self.size, 256, self.device, self.amp, self.black)[:2])
                checked = told = time.time()
                since = 0
        return seen

    def settle(self, draw, cutter, batches):
        """Population statistics of the kept weights."""
        norms = [m for m in self.kept.modules() if isinstance(m, nn.BatchNorm2d)]
        self.kept.eval()
        for m in norms:
            m.reset_running_stats()
            m.momentum = None
            m.train()
        with torch.no_grad():
            for _ in range(batches):
                input = cutter.cut(draw(self.batch, False), self.size, False, 0.5, black=self.black)[0]
                self.kept(input.contiguous(memory_format=torch.channels_last))
        self.kept.eval()


@torch.no_grad()
def score(net, cutter, windows, size, batch, device, amp, black):
    """Mean IoU, pixel accuracy and IoU per class over windows whose photos have masks."""
    was = net.training
    net.eval()
    counts = torch.zeros(21, 21, dtype=torch.long, device=device)
    for i in range(0, len(windows), batch):
        input, _, _, labels, _ = cutter.cut(windows[i:i + batch], size, False, 0.0, black=black)
        with torch.autocast(device.type, torch.bfloat16, enabled=amp):
            said = net(input)[0].argmax(1)
        ok = labels < 21
        counts += torch.bincount(labels[ok] * 21 + said[ok], minlength=441).view(21, 21)
    net.train(was)
    right = counts.diag().double()
    union = counts.sum(0) + counts.sum(1) - counts.diag()
    iou = right / union.clamp(min=1)
    return float(iou[union > 0].mean()), float(right.sum() / counts.sum()), [round(float(v), 4) for v in iou]


def warm_up(run, turn):
    """Compiles the lesson where that makes steps faster."""
    with turn:
        eager = run.speed()
    say(f"{run.name}: {eager * 1e3:.1f} ms a step of {run.batch}, {run.batch / eager:.0f} windows/s, {torch.cuda.max_memory_allocated() / 2**30:.1f} GiB")
    try:
        begun = time.time()
        run.call = torch.compile(run.lesson)
        run.descend(run.made_up(), torch.ones(2, device=run.device), 0.0)
        with turn:
            compiled = run.speed()
        say(f"{run.name}, compiled in {time.time() - begun:.0f} s: {compiled * 1e3:.1f} ms, {run.batch / compiled:.0f} windows/s")
        if compiled > eager:
            run.call = run.lesson
    except Exception as error:
        say("not compiled:", str(error)[:600])
        run.call = run.lesson


def save(path, net, info, split):
    write_safetensors(path, net, info)
    if split:
        data = open(path, "rb").read()
        for k in range(0, len(data), split << 20):
            with open(f"{path}.{k // (split << 20)}", "wb") as f:
                f.write(data[k:k + (split << 20)])
        os.remove(path)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("folder")
    p.add_argument("--teacher", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--capacity", type=int, default=50000)
    p.add_argument("--side", type=int, default=288)
    p.add_argument("--width", type=int, default=32)
    p.add_argument("--fc", type=int, default=1024)
    p.add_argument("--size", type=int, default=128)
    p.add_argument("--batch", type=int, default=384)
    p.add_argument("--rate", type=float, default=2e-3)
    p.add_argument("--decay", type=float, default=0.1)
    p.add_argument("--soft-share", type=float, default=0.3)
    p.add_argument("--masked-share", type=float, default=0.4, help="share of windows of photos with masks")
    p.add_argument("--mixed", type=float, default=0.2, help="share of windows with a part of another one")
    p.add_argument("--foreground", type=float, default=2.0, help="weight of a pixel that is surely an object against one that is surely background")
    p.add_argument("--encoder-share", type=float, default=0.2, help="part of the time in which windows are mostly objects and fc7's loss weighs most")
    p.add_argument("--fcn-fc", type=int, default=512)
    p.add_argument("--fcn-size", type=int, default=288)
    p.add_argument("--fcn-batch", type=int, default=128)
    p.add_argument("--fcn-rate", type=float, default=1e-3)
    p.add_argument("--start-from")
    p.add_argument("--stride", type=int, default=16, choices=(8, 16), help="of the teacher's logits")
    p.add_argument("--mirror-all", action="store_true", help="the teacher sees the mirror image of photos without masks, too")
    p.add_argument("--limit", type=int, help="photos of a pack, for a trial")
    p.add_argument("--check-every", type=float, default=100)
    p.add_argument("--no-compile", action="store_true")
    p.add_argument("--split", type=int, default=0, help="MiB of a part of a weights file")
    p.add_argument("--workers", type=int, default=os.cpu_count())
    p.add_argument("--seed", type=int, default=1)
    o = p.parse_args()
    os.makedirs(o.out, exist_ok=True)
    torch.manual_seed(o.seed)
    # Nothing may touch the device before the workers are forked.
    pictures = Pictures(o.capacity, o.side, o.workers)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    amp = device.type == "cuda"
    if amp:
        # Pictures, probabilities and features stay on the device; 34 GiB are for the training.
        room = torch.cuda.get_device_properties(0).total_memory - (34 << 30)
        pictures.capacity = min(pictures.capacity, room // (4 * o.side ** 2 + 2 * (21 + 256) * nodes(o.stride) ** 2))
    if amp:
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
        torch.backends.cudnn.benchmark = True
        say(torch.cuda.get_device_name(), torch.__version__)
    pictures.to_device(device, o.stride)
    arrivals = Arrivals(o.folder, pictures, o.teacher, say, mirror_all=o.mirror_all, limit=o.limit)
    arrivals.start()

    net = DeconvNet(o.width, o.fc, o.size)
    if o.start_from:
        say("start:", o.start_from, "without", net.load(read_safetensors(o.start_from)))
    lesson = Lesson(net, ("conv4_3", "conv5_3"), o.width, o.fc, o.foreground).to(device, memory_format=torch.channels_last)
    run = Run("deconvnet", lesson, o.size, o.batch, o.rate, o.decay, (o.size // 8, o.size // 16), True, o, device)
    if amp and not o.no_compile:
        before = {k: v.clone() for k, v in lesson.state_dict().items()}
        warm_up(run, pictures.turn)
        lesson.load_state_dict(before)
        run.forget()
    while arrivals.is_alive():
        arrivals.join(0.5)
    if arrivals.error:
        raise arrivals.error
    go = [float(v) for v in open(os.path.join(o.folder, "go")).read().split()]
    said = os.path.getmtime(os.path.join(o.folder, "go"))
    deadline = said + sum(go)

    n = pictures.count
    objects = np.array(pictures.objects, np.float32)
    masked = pictures.truth[:n, 0, 0] != UNKNOWN
    held = np.array([name in pictures.held for name in pictures.names])
    say(n, "photos,", int(masked.sum()), "with masks,", len(objects), "objects", np.bincount(objects[:, 5].astype(int), minlength=21).tolist(), int(held.sum()), "held out")
    cutter = Cutter(pictures)
    exam = Windows(np.flatnonzero(held & masked), pictures.sizes, objects, 7).draw(1536 if amp else 64, (0.4, 0.3, 0.3))
    train = Windows(np.flatnonzero(~held), pictures.sizes, objects, o.seed, masked=masked, masked_share=o.masked_share)
    draw = lambda k, early: train.draw(k, (0.75, 0.15, 0.1) if early else (0.5, 0.3, 0.2))
    file = open(os.path.join(o.out, "log.csv"), "w", newline="")
    log = csv.writer(file)
    log.writerow(["network", "step", "seconds", "loss", "pixel_loss", "class_loss", "feature_loss", "accuracy", "rate", "windows_per_second"])
    report = {"photos": n, "with_masks": int(masked.sum()), "held_out": int(held.sum()), "arguments": vars(o), "torch": torch.__version__,
              "device": torch.cuda.get_device_name() if amp else "cpu"}
    license = {"license": "MIT"}

    def finish(run, draw, exam, seen, begun, info):
        run.settle(draw, cutter, 100 if amp else 4)
        result = score(run.kept, cutter, exam, run.size, 128, device, False, run.black)
        say(f"{run.name}: {seen} windows in {run.step} steps; held-out windows: mean IoU %.4f pixel accuracy %.4f" % result[:2])
        report[run.name] = {"windows": seen, "steps": run.step, "seconds": round(time.time() - begun, 1), "mean_iou": result[0], "pixel_accuracy": result[1], "iou": dict(zip(CLASSES, result[2]))}
        info |= license | {"notes": f"{seen} windows of {n} photos, {int(masked.sum())} of them with masks; targets: ground truth and DeepLab-v3 MobileNet-v2 (trained on ImageNet, COCO and VOC)."}
        save(os.path.join(o.out, run.name + ".safetensors"), run.kept, info, o.split)
        with open(os.path.join(o.out, "report.json"), "w") as f:
            json.dump(report, f, indent=1)
        file.flush()

    begun = time.time()
    seen = run.train(max(5.0, said + go[0] - begun), draw, cutter, exam, log)
    finish(run, draw, exam, seen, begun, {"id": f"deconvnet-distilled-{o.width}-{o.size}", "name": "DeconvNet Compact",
                                          "citation": "Noh, Hong, Han: Learning Deconvolution Network for Semantic Segmentation, ICCV 2015"})
    if go[1] <= 0:
        return

    fcn = Fcn8s(o.width, o.fcn_fc)
    say("FCN-8s without", fcn.load({k: v.cpu() for k, v in run.kept.tensors().items()}))
    lesson = Lesson(fcn, ("conv4_3", "conv5_3"), o.width, o.fcn_fc, o.foreground)
    for mine, theirs in zip(lesson.imitate, run.lesson.imitate):
        mine.load_state_dict({k: v.cpu() for k, v in theirs.state_dict().items()})
    lesson.to(device, memory_format=torch.channels_last)
    del run
    run = Run("fcn8s", lesson, o.fcn_size, o.fcn_batch, o.fcn_rate, o.decay, (o.fcn_size // 8, o.fcn_size // 16), False, o, device)
    exam = Windows(np.flatnonzero(held & masked), pictures.sizes, objects, 7).draw(256 if amp else 16, (0.0, 0.0, 1.0), whole=(1.0, 1.0001))
    train = Windows(np.flatnonzero(~held), pictures.sizes, objects, o.seed + 1, object_scale=(0.0, 0.9), least=0.5, masked=masked, masked_share=o.masked_share)
    draw = lambda k, early: train.draw(k, (0.3, 0.2, 0.5), anywhere=(0.5, 1.2), whole=(0.85, 1.4))
    begun = time.time()
    seen = run.train(max(5.0, deadline - begun), draw, cutter, exam, log)
    finish(run, draw, exam, seen, begun, {"id": f"fcn8s-distilled-{o.width}", "name": "FCN-8s Compact",
                                          "citation": "Long, Shelhamer, Darrell: Fully Convolutional Networks for Semantic Segmentation, CVPR 2015"})
    say("done")


if __name__ == "__main__":
    main()
