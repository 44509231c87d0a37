"""Makes samples/coins: scenes of coins on photographs, with masks.

The coins are the 24 of scikit-image's coins.png (Brooklyn Museum, no known copyright restrictions), the grounds are parts of
CC0 photos, listed in samples/coins/README.md, and of scikit-image's coffee.png, brick.png, grass.png and gravel.png (CC0).
Discs of ground lie among the coins, so that a round edge with a shadow does not yet tell a coin. The test scenes have other
coins on other grounds than the training scenes. Needs NumPy, SciPy and Pillow.

    python3 tools/scenes/coins.py /usr/lib/python3/dist-packages/skimage/data PHOTOS samples/coins
"""
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter
from scipy import ndimage

WIDTH, HEIGHT = 240, 180
TRAINING, TEST = 40, 20
TEST_COINS = 6  # the last row of the photograph
TEST_GROUNDS = ("gravel.png", "horse_person.jpg", "cat.jpg", "train.jpg", "car.jpg")
EMPTY_EVERY = 8  # each such scene has no coin
TINTS = ((0.96, 0.98, 1.02), (1.02, 1.00, 0.94), (1.12, 0.98, 0.70), (1.14, 0.88, 0.66), (0.92, 1.00, 0.88))
TEXTURE_TINTS = ((1.05, 1.0, 0.9), (0.8, 1.05, 0.7), (1.1, 0.9, 0.8), (0.9, 0.95, 1.05))


def cut_coins(path):
    """The coins from the top left to the bottom right, each as gray levels and coverage 0 ... 1."""
    photo = np.asarray(Image.open(path), dtype=np.float32)
    ground = ndimage.median_filter(ndimage.minimum_filter(ndimage.gaussian_filter(photo, 1.5), 31), 31)
    inside = ndimage.gaussian_filter(photo - ground, 1.2) > 28
    inside[:14] = inside[:, :12] = False
    inside = ndimage.binary_opening(ndimage.binary_fill_holes(ndimage.binary_closing(inside, iterations=2)), iterations=6)
    labels, _ = ndimage.label(inside)
    coins = []
    for number, box in enumerate(ndimage.find_objects(labels), 1):
        region = labels[box] == number
        if not 600 < region.sum() < 4000 or box[1].stop >= photo.shape[1]:
            continue
        rows, columns = (slice(max(0, side.start - 3), side.stop + 3) for side in box)
        cover = ndimage.gaussian_filter(ndimage.binary_erosion(labels[rows, columns] == number).astype(np.float32), 0.7)
        coins.append(((box[0].start + box[0].stop) // 2, (box[1].start + box[1].stop) // 2, photo[rows, columns], cover))
    coins.sort(key=lambda coin: (round(coin[0] / 75), coin[1]))
    return [(gray, cover) for _, _, gray, cover in coins]


def load_grounds(textures, photos):
    """Photographs by name; the gray textures of scikit-image get a color when they are used."""
    files = [textures / name for name in ("coffee.png", "brick.png", "grass.png", "gravel.png")]
    files += sorted(path for path in photos.iterdir() if path.suffix == ".jpg")
    return {path.name: Image.open(path) for path in files}


def draw_ground(random, photo):
    """A part of a photograph, mirrored and brightened at random."""
    side = min(photo.width / WIDTH, photo.height / HEIGHT)
    scale = random.uniform(0.45, 1) * side
    width, height = WIDTH * scale, HEIGHT * scale
    left, top = random.uniform(0, photo.width - width), random.uniform(0, photo.height - height)
    part = photo.convert("RGB").resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS, (left, top, left + width, top + height))
    pixels = np.asarray(part, dtype=np.float32)
    if photo.mode == "L":
        pixels = pixels * TEXTURE_TINTS[random.integers(len(TEXTURE_TINTS))]
    if random.random() < 0.5:
        pixels = pixels[:, ::-1]
    return pixels * random.uniform(0.8, 1.15)


def place(random, piece, cover, diameter):
    """A piece at a random place of the canvas, turned and resized: its levels and coverage over the whole canvas."""
    scale = diameter / max(cover.shape)
    turned = [Image.fromarray(array).resize((max(8, round(array.shape[1] * scale)), max(8, round(array.shape[0] * scale))), Image.Resampling.BICUBIC) for array in (piece, cover)]
    angle = random.uniform(0, 360)
    piece, cover = (np.asarray(image.rotate(angle, Image.Resampling.BICUBIC, expand=True)) for image in turned)
    top = int(random.uniform(-0.25 * piece.shape[0], HEIGHT - 0.75 * piece.shape[0]))
    left = int(random.uniform(-0.25 * piece.shape[1], WIDTH - 0.75 * piece.shape[1]))
    levels, covered = np.zeros((HEIGHT, WIDTH), np.float32), np.zeros((HEIGHT, WIDTH), np.float32)
    y0, x0, y1, x1 = max(0, top), max(0, left), min(HEIGHT, top + piece.shape[0]), min(WIDTH, left + piece.shape[1])
    levels[y0:y1, x0:x1] = piece[y0 - top:y1 - top, x0 - left:x1 - left]
    covered[y0:y1, x0:x1] = np.clip(cover[y0 - top:y1 - top, x0 - left:x1 - left], 0, 1)
    return levels, covered


def lay(scene, colors, covered, light):
    """Puts a piece with its shadow on the scene."""
    shadow = ndimage.shift(ndimage.gaussian_filter(covered, 2.5), light, order=1)
    scene *= 1 - 0.55 * (shadow * (1 - covered))[..., None]
    scene[:] = scene * (1 - covered[..., None]) + colors * covered[..., None]


def make_scene(random, coins, grounds, names, is_empty):
    scene = draw_ground(random, grounds[names[random.integers(len(names))]])
    light = random.uniform(-4, 4, 2)
    mask = np.zeros((HEIGHT, WIDTH), np.float32)
    pieces = [True] * (0 if is_empty else random.integers(1, 6)) + [False] * random.integers(1 if is_empty else 0, 4)
    for is_coin in random.permutation(pieces):
        diameter = random.uniform(26, 92)
        if is_coin:
            gray, cover = coins[random.integers(len(coins))]
            levels, covered = place(random, gray, cover, diameter)
            colors = ((levels - 128) * random.uniform(0.85, 1.2) + random.uniform(105, 150))[..., None] * TINTS[random.integers(len(TINTS))]
        else:
            y, x = np.mgrid[-1:1:49j, -1:1:49j]
            disc = np.clip((1 - np.hypot(x, y)) * 24, 0, 1).astype(np.float32)
            _, covered = place(random, disc, disc, diameter)
            colors = draw_ground(random, grounds[names[random.integers(len(names))]])
        lay(scene, colors, covered, light)
        mask = np.maximum(mask, covered) if is_coin else np.where(covered > 0.5, 0, mask)
    scene += random.normal(0, random.uniform(1, 4), scene.shape)
    picture = Image.fromarray(np.clip(scene, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(random.uniform(0, 0.8)))
    return picture, Image.fromarray(np.where(mask > 0.5, 255, 0).astype(np.uint8))


def main(textures, photos, out):
    coins, grounds = cut_coins(textures / "coins.png"), load_grounds(textures, photos)
    if len(coins) != 24:
        sys.exit(f"coins.png shows 24 coins; {len(coins)} were found.")
    for folder in ("images", "masks"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    (out / "classes.txt").write_text("background\ncoin\n")
    random = np.random.default_rng(1)
    for name, count, mine, used in (
        ("train", TRAINING, coins[:-TEST_COINS], sorted(set(grounds) - set(TEST_GROUNDS))),
        ("test", TEST, coins[-TEST_COINS:], list(TEST_GROUNDS)),
    ):
        ids = [f"{name}_{number:02}" for number in range(1, count + 1)]
        for number, scene in enumerate(ids, 1):
            picture, mask = make_scene(random, mine, grounds, used, number % EMPTY_EVERY == 0)
            picture.save(out / "images" / f"{scene}.jpg", quality=88)
            mask.convert("1").save(out / "masks" / f"{scene}.png", optimize=True)
        (out / f"{name}.txt").write_text("\n".join(ids) + "\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
