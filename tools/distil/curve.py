"""Draws the curve of a run: python3 curve.py log.csv NETWORK out.svg. Needs nothing but Python."""
import csv
import sys

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 360, 56, 56, 24, 48
SERIES = (("pixel_loss", "cross-entropy of the pixels", "#1f77b4"), ("feature_loss", "difference from the teacher's features", "#2c8c3c"),
          ("accuracy", "pixel accuracy", "#d66014"))


def main(log, network, out):
    with open(log, newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["network"] == network]
    if not rows:
        sys.exit(f"{log} holds no row of {network}")
    last = int(rows[-1]["step"])
    top = max(float(row[name]) for row in rows[2:] for name in ("pixel_loss", "feature_loss"))
    top = max(1.0, -(-top * 5 // 1) / 5)
    x = lambda step: LEFT + (WIDTH - LEFT - RIGHT) * step / last
    y = lambda share: HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(max(share, 0.0), 1.0)
    svg = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13" fill="#333">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>']
    for k in range(6):
        at = y(k / 5)
        svg += [f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>',
                f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{top * k / 5:.2f}</text>',
                f'<text x="{WIDTH - RIGHT + 8}" y="{at + 4:.1f}">{20 * k} %</text>']
    for k in range(6):
        step = round(last * k / 5)
        svg.append(f'<text x="{x(step):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{step}</text>')
    svg.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 10}" text-anchor="middle">step; losses on the left, accuracy on the right</text>')
    for i, (name, title, color) in enumerate(SERIES):
        scale = 1.0 if name == "accuracy" else top
        points = " ".join(f"{x(int(row['step'])):.1f},{y(float(row[name]) / scale):.1f}" for row in rows)
        svg += [f'<polyline fill="none" stroke="{color}" stroke-width="1.5" points="{points}"/>',
                f'<path d="M{LEFT + 300} {TOP + 226 + 20 * i}h22" stroke="{color}" stroke-width="3"/>',
                f'<text x="{LEFT + 330}" y="{TOP + 230 + 20 * i}">{title}</text>']
    with open(out, "w") as file:
        file.write("\n".join(svg) + "\n</svg>\n")


if __name__ == "__main__":
    main(*sys.argv[1:4])
