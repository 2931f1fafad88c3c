"""What a split would take, told by the traffic of one site: today's formula, and a replay of the messages.

Replay: a VM sends a message so long after those that had come before it as it did then. What crosses sites leaves when the
link is free, takes its bytes over the rate and arrives a delay later; a VM whose message comes later does all that follows later.
"""
import collections, struct

# Fitted on the programs of the set "fit" alone.
ANSWER_SECONDS = 200e-6    # A message that came less than this before one was sent did not cause it.
BYTES_PER_EXCHANGE, WHOLE_FRAME = 20_000, 1514   # As Federation.Domain.Traffic.Waits has them.


def frames(file):
    with open(file, "rb") as f:
        data = f.read()
    at = 24
    while at + 16 <= len(data):
        seconds, micros, kept, length = struct.unpack_from("<IIII", data, at)
        ethernet = at + 16
        at = ethernet + kept
        if at > len(data) or data[ethernet + 12:ethernet + 14] != b"\x08\0":
            continue
        ip = ethernet + 14
        source, destination = data[ip + 15] - 11, data[ip + 19] - 11
        tcp = ip + (data[ip] & 15) * 4
        payload = length - 14 - (data[ip] & 15) * 4 - (data[tcp + 12] >> 4) * 4
        end = (struct.unpack_from(">I", data, tcp + 4)[0] + payload) & 0xffffffff
        if 0 <= source < 10 and 0 <= destination < 10:
            yield seconds + micros / 1e6, source, destination, length, payload, bool(data[tcp + 13] & 8), (data[tcp:tcp + 4], end)


def read(files):
    """The messages (sent at, came at, from, to, bytes, whole) in the order sent, and the frames and bytes of each pair."""
    sent, came, flows = {}, {}, collections.defaultdict(lambda: [0, 0])
    for rank, file in enumerate(files):
        for time, source, destination, length, payload, push, key in frames(file):
            if destination == rank:
                flows[source, rank][0] += 1
                flows[source, rank][1] += length
            if payload > 0:
                (came if destination == rank else sent).setdefault((source, destination, key), (time, length, push))
    messages = [(t, came[k][0], k[0], k[1], length, push) for k, (t, length, push) in sent.items() if k in came]
    return sorted(messages), dict(flows)


def predict(trace, split, mbit, delay_us):
    """Seconds more than at one site: by replay, by bytes and small packets, by each packet."""
    messages, flows = trace
    perByte, delay = 8 / (mbit * 1e6), delay_us / 1e6
    return replayed(messages, split, perByte, delay), *by_formula(flows, split, perByte, delay)


def replayed(messages, split, perByte, delay):
    late = [0.0] * len(split)
    waiting = [collections.deque() for _ in split]   # (came at, late by), not yet believed to have caused anything
    free = collections.defaultdict(float)
    for t, arrival, source, to, length, push in messages:
        while waiting[source] and waiting[source][0][0] + ANSWER_SECONDS <= t:
            late[source] = max(late[source], waiting[source].popleft()[1])
        if split[source] == split[to]:
            lateness = late[source]
        else:
            link = split[source], split[to]
            free[link] = max(free[link], t + late[source]) + length * perByte
            lateness = free[link] + delay - arrival
        if push:
            waiting[to].append((arrival, lateness))
    return max(max([l, *(w for _, w in q)]) for l, q in zip(late, waiting))


def by_formula(flows, split, perByte, delay):
    byBytes, byPackets = [0.0] * len(split), [0.0] * len(split)
    for (source, to), (packets, size) in flows.items():
        if split[source] == split[to]:
            continue
        back = flows.get((to, source), (0, 0))[1]
        small = max(0, packets - size / WHOLE_FRAME - back / WHOLE_FRAME / 2)
        byBytes[to] += (size / BYTES_PER_EXCHANGE + small) * delay + size * perByte
        byPackets[to] += packets * delay + size * perByte
    return max(byBytes), max(byPackets)
