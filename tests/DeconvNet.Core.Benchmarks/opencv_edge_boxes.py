"""Times OpenCV's Edge Boxes on one thread: WIDTH HEIGHT FILE, which holds float32 edges, then orientations.

Each line on stdin asks for one run, and is answered by its seconds and the number of boxes.
"""
import sys
import time

import cv2
import numpy as np

width, height, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
edges, orientation = np.fromfile(path, np.float32).reshape(2, height, width)
cv2.setNumThreads(1)
create = cv2.ximgproc.createEdgeBoxes
print(cv2.__version__, flush=True)
for _ in sys.stdin:
    # An instance keeps sums of the call before, so that a second one would give other boxes.
    generator = create()
    start = time.perf_counter()
    boxes, _ = generator.getBoundingBoxes(edges, orientation)
    print(time.perf_counter() - start, len(boxes), flush=True)
