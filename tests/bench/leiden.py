"""Takes the processor time of python3-igraph's community_leiden (CPM) on an edge list and prints its quality by the same formula as ours.

    python3 leiden.py FILE SHARE RUNS
"""
import random
import statistics
import sys
import time

import igraph

path, share, runs = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
edges, weights = [], []
with open(path) as file:
    for line in file:
        first, second, weight = line.split()
        edges.append((int(first), int(second)))
        weights.append(float(weight))

graph = igraph.Graph(n=max(map(max, edges)) + 1, edges=edges)
mean = sum(weights) / len(weights)
resolution = share * mean


def quality(membership):
    inside = sum(w for (a, b), w in zip(edges, weights) if membership[a] == membership[b])
    sizes = {}
    for label in membership:
        sizes[label] = sizes.get(label, 0) + 1
    return inside - resolution * sum(n * (n - 1) / 2 for n in sizes.values())


# beta is in the units of the weights: 0.01 mean weights, as ours.
for iterations in (2, 10, -1):
    times = []
    for run in range(runs):
        random.seed(run)
        begin = time.process_time()
        found = graph.community_leiden(
            objective_function="CPM", weights=weights, resolution_parameter=resolution,
            beta=0.01 * mean, n_iterations=iterations)
        times.append(time.process_time() - begin)
    print(f"igraph {igraph.__version__}, n_iterations {iterations}: median {statistics.median(times):.3f} s, best {min(times):.3f} s, "
          f"quality {quality(found.membership):.1f}, {len(found)} communities")
