#!/usr/bin/env python3
"""The laboratory: ranks in network namespaces at sites, whose links have a rate and a one-way delay.

With TRUTH_TRACES=FOLDER the messages seen at one site are kept there.

usage: lab.py prove                     what the links do, by ping and iperf3
       lab.py cases SET [CASES]         runs the programs of a set (fit, held-out) and appends to the ledger cases.csv
       lab.py report [CASES]            predicted over measured, from the ledger
Needs root, gcc, mpicc, mpirun, iperf3, tcpdump, ethtool. Each run has its own names, and takes away what it made.
"""
import csv, os, pickle, signal, statistics, subprocess, sys, tempfile, time
import replay

HERE = os.path.dirname(os.path.abspath(__file__))
CORES, PERIOD_US = 0.4, 10_000   # A bound: the programs' own pace takes some half of it.
LINKS = [(1000, 200), (100, 500), (100, 5000), (50, 2000), (20, 10000), (20, 20000)]  # Mbit/s, us one way
SPLITS = ["AABB", "ABAB", "AAAB", "AABC"]
PROGRAMS = {  # set -> name -> sizes: arguments of kernels
    "fit": {"halo": ["1000 1000 100", "1000 20000 100"], "transpose": ["1000 2000 80", "1500 20000 50"]},
    "held-out": {"sweep": ["300 4000 60", "300 16000 50"], "dots": ["800 800 80", "800 12000 80"]},
}
FIELDS = ["set", "program", "size", "split", "mbit", "delayUs", "offload", "oneSite", "measured", "replayed", "byBytes", "byPackets", "dropped"]


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


class Cpu:
    """A quota of a rank's own: cgroup v1 or v2, as the machine has it."""

    def __init__(self, name, cores):
        self.one = os.path.isdir("/sys/fs/cgroup/cpu")
        self.path = f"/sys/fs/cgroup/{'cpu/' if self.one else ''}{name}"
        os.mkdir(self.path)
        quota = int(cores * PERIOD_US)
        values = ({"cpu.cfs_period_us": PERIOD_US, "cpu.cfs_quota_us": quota, "cpu.shares": 16384} if self.one
                  else {"cpu.max": f"{quota} {PERIOD_US}", "cpu.weight": 5000})
        for file, value in values.items():
            with open(f"{self.path}/{file}", "w") as f:
                f.write(str(value))

    def close(self):
        for _ in range(50):
            try:
                return os.rmdir(self.path)
            except OSError:
                time.sleep(0.1)


class Lab:
    """Sites A, B, C behind links; rank i (address 10.77.0.11 + i) at the site that the split's letter names."""

    def __init__(self, built, split, mbit, delay_us, offload):
        self.built, self.split, self.made, self.cpus, self.processes = built, split, [], [], []
        self.id = f"tr{os.getpid() % 100000}"
        try:
            self._build(mbit, delay_us, offload)
        except BaseException:
            self.close()
            raise

    def ns(self, name):
        return f"{self.id}{name}"

    def inside(self, name, *command):
        return ["ip", "netns", "exec", self.ns(name), *command]

    def _namespace(self, name):
        run("ip", "netns", "add", self.ns(name))
        self.made.append(self.ns(name))
        run(*self.inside(name, "ip", "link", "set", "dev", "lo", "up"))

    def _wire(self, a, nameA, b, nameB, offload):
        run("ip", "link", "add", nameA, "netns", self.ns(a), "type", "veth", "peer", "name", nameB, "netns", self.ns(b))
        for where, name in ((a, nameA), (b, nameB)):
            if not offload:
                run(*self.inside(where, "ethtool", "-K", name, "tx", "off", "tso", "off", "gso", "off", "gro", "off"))
            run(*self.inside(where, "ip", "link", "set", "dev", name, "up"))

    def _build(self, mbit, delay_us, offload):
        sites = sorted(set(self.split) | {"A", "B"})
        self._namespace("wan")
        for site in sites:
            self._namespace(site)
            run(*self.inside(site, "ip", "link", "add", "name", "br0", "type", "bridge"))
            run(*self.inside(site, "ip", "link", "set", "dev", "br0", "up"))
            self._wire(site, "up0", "wan", f"w{site}", offload)
            run(*self.inside(site, "ip", "link", "set", "dev", "up0", "master", "br0"))
        for rank, site in [*enumerate(self.split), ("h", "A")]:
            name = f"r{rank}"
            self._namespace(name)
            self._wire(name, "eth0", site, name, offload)
            run(*self.inside(site, "ip", "link", "set", "dev", name, "master", "br0"))
            run(*self.inside(name, "ip", "address", "add", f"10.77.0.{10 if rank == 'h' else 11 + rank}/24", "dev", "eth0"))
            if rank != "h":
                self.cpus.append(Cpu(f"{self.id}r{rank}", CORES))
        # The queue of a router: what the link carries in 100 ms, and no less than 256 KiB.
        queue = max(1 << 18, int(mbit * 1e6 / 8 * 0.1))
        self.link = subprocess.Popen(self.inside("wan", f"{self.built}/delaylink", str(delay_us), str(mbit), str(queue), *[f"w{s}" for s in sites]),
                                     stdout=subprocess.PIPE, text=True)
        self.processes.append(self.link)
        if self.link.stdout.readline().strip() != "ready":
            raise RuntimeError("the link did not start")

    def mpi(self, command, seconds=15):
        """Runs a program on all ranks; its seconds between MPI_Init and MPI_Finalize."""
        agent = f"{self.built}/{self.id}agent"
        group = self.cpus[0].path[:-1]
        with open(agent, "w") as f:
            f.write(f"""#!/bin/bash
n=$(( ${{1##*.}} - 11 )); shift
echo $$ > {group}$n/cgroup.procs
exec ip netns exec {self.id}r$n /bin/bash -c "$*"
""")
        os.chmod(agent, 0o755)
        hosts = ",".join(f"10.77.0.{11 + r}:1" for r in range(len(self.split)))
        try:
            done = subprocess.run(self.inside("rh", "mpirun", "--allow-run-as-root", "--mca", "plm_rsh_agent", agent, "--mca", "plm_rsh_no_tree_spawn", "1",
                "--mca", "btl", "tcp,self", "--mca", "pml", "ob1", "--mca", "btl_tcp_if_include", "eth0", "--mca", "oob_tcp_if_include", "eth0", "--mca", "btl_tcp_progress_thread", "0",
                "--bind-to", "none", "-x", f"LD_PRELOAD={self.built}/clocked.so", "--host", hosts, "-np", str(len(self.split)), *command),
                capture_output=True, text=True, timeout=seconds, cwd=self.built, stdin=subprocess.DEVNULL)
        finally:
            os.remove(agent)
        for line in done.stderr.splitlines():
            if line.startswith("SECONDS"):
                return float(line.split()[1])
        raise RuntimeError(f"{command} said no time: {done.stderr[-2000:]}")

    def capture(self, folder):
        files = [f"{folder}/r{r}.pcap" for r in range(len(self.split))]
        for rank, file in enumerate(files):
            p = subprocess.Popen(self.inside(f"r{rank}", "tcpdump", "-Z", "root", "-i", "eth0", "-s", "80", "-B", "8192", "-w", file, "tcp"), stderr=subprocess.PIPE)
            p.stderr.readline()
            self.processes.append(p)
        time.sleep(0.3)
        return files

    def stop_captures(self):
        for p in self.processes[1:]:
            p.terminate()
            p.wait()
        del self.processes[1:]

    def dropped(self):
        """Ends the links; the frames that they dropped, or did not take in."""
        self.link.send_signal(signal.SIGTERM)
        said = self.link.communicate()[0]
        self.processes.remove(self.link)
        return sum(int(line.split("dropped ")[1].split()[0]) for line in said.splitlines())

    def close(self):
        for p in self.processes:
            p.terminate()
            p.wait()
        for name in reversed(self.made):
            # What a failed launch has left in the namespace is ours, and is ended by its id.
            for pid in subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True).stdout.split():
                os.kill(int(pid), signal.SIGKILL)
            subprocess.run(["ip", "netns", "del", name], capture_output=True)
        for cpu in self.cpus:
            cpu.close()


def build(folder):
    run("gcc", "-O2", "-Wall", "-o", f"{folder}/delaylink", f"{HERE}/delaylink.c")
    run("mpicc", "-O2", "-Wall", "-shared", "-fPIC", "-o", f"{folder}/clocked.so", f"{HERE}/clocked.c", "-ldl")
    run("mpicc", "-O2", "-Wall", "-o", f"{folder}/kernels", f"{HERE}/kernels.c")
    return folder


def prove(built):
    import json
    print("| asked: Mbit/s, one way us | offload | round trip us, median of 100 (worst) | TCP there, back Mbit/s | UDP out of order, lost of sent | dropped |")
    print("| --- | --- | --- | --- | --- | --- |")
    for mbit, delay in LINKS:
        for offload in (False, True):
            lab = Lab(built, "AABB", mbit, delay, offload)
            try:
                pings = run(*lab.inside("r0", "ping", "-c", "101", "-i", "0.01", "10.77.0.13"))
                trips = [float(l.split("time=")[1].split()[0]) * 1000 for l in pings.splitlines() if "time=" in l][1:]
                server = subprocess.Popen(lab.inside("r2", "iperf3", "-s"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                lab.processes.append(server)
                time.sleep(0.3)
                def iperf(*options):
                    return json.loads(run(*lab.inside("r0", "iperf3", "-J", "-c", "10.77.0.13", *options)))["end"]
                rates = [iperf("-t", "2", *o)["sum_received"]["bits_per_second"] / 1e6 for o in ([], ["-R"])]
                udp = iperf("-u", "-b", f"{mbit * 0.5}M", "-l", "1000", "-t", "1")
                order = udp["streams"][0]["udp"]["out_of_order"]
                server.terminate(); server.wait(); lab.processes.remove(server)
                dropped = lab.dropped()
                if order:
                    sys.exit(f"{mbit} Mbit/s, {delay} us: {order} datagrams came out of order")
                if not 2 * delay <= statistics.median(trips) <= 2 * delay + 1000:
                    sys.exit(f"{mbit} Mbit/s, {delay} us: round trips of {statistics.median(trips):.0f} us")
                if not all(0.8 * mbit <= r <= 1.01 * mbit for r in rates):
                    sys.exit(f"{mbit} Mbit/s, {delay} us: {rates} Mbit/s came through")
                print(f"| {mbit}, {delay} | {'on' if offload else 'off'} | {statistics.median(trips):.0f} ({max(trips):.0f}) | {rates[0]:.1f}, {rates[1]:.1f} "
                      f"| {order}, {udp['sum']['lost_packets']} of {udp['sum']['packets']} | {dropped} |", flush=True)
            finally:
                lab.close()


def cases(built, which, path):
    for offload in (False, True):
        for program, sizes in PROGRAMS[which].items():
            for number, size in enumerate(sizes):
                command = [f"{built}/kernels", program, *size.split()]
                lab = Lab(built, "AAAA", 1000, 200, offload)
                try:
                    with tempfile.TemporaryDirectory() as folder:
                        files = lab.capture(folder)
                        one = lab.mpi(command)
                        lab.stop_captures()
                        trace = replay.read(files)
                        if keep := os.environ.get("TRUTH_TRACES"):
                            with open(f"{keep}/{program}-{size.replace(' ', '-')}-{int(offload)}.pickle", "wb") as f:
                                pickle.dump(trace, f)
                finally:
                    lab.close()
                for i, (mbit, delay) in enumerate(LINKS):
                    # Each link with one split; another one by size and offload, so that all meet each link.
                    for split in [SPLITS[(i + number + 2 * offload) % len(SPLITS)]]:
                        lab = Lab(built, split, mbit, delay, offload)
                        try:
                            measured = lab.mpi(command)
                            dropped = lab.dropped()
                        except (RuntimeError, subprocess.TimeoutExpired) as e:
                            print(f"{program} {size} {split} {mbit} {delay}: {e}", file=sys.stderr, flush=True)
                            continue
                        finally:
                            lab.close()
                        row = [which, program, size, split, mbit, delay, int(offload), one, measured,
                               *(round(one + p, 4) for p in replay.predict(trace, split, mbit, delay)), dropped]
                        new = not os.path.exists(path)
                        with open(path, "a", newline="") as f:
                            w = csv.writer(f, lineterminator="\n")
                            if new:
                                w.writerow(FIELDS)
                            w.writerow(row)
                        print(row, flush=True)


def report(path):
    with open(path) as f:
        rows = list(csv.DictReader(f))
    for which in ("fit", "held-out"):
        for model in ("replayed", "byBytes", "byPackets"):
            ratios = [float(r[model]) / float(r["measured"]) for r in rows if r["set"] == which]
            if not ratios:
                continue
            errors = sorted(abs(r - 1) for r in ratios)
            right = total = 0
            for a in rows:
                for b in rows:
                    same = all(a[k] == b[k] for k in ("set", "program", "size", "offload")) and a["set"] == which
                    if same and float(a["measured"]) > 1.1 * float(b["measured"]):
                        total += 1
                        right += float(a[model]) > float(b[model])
            print(f"{which} {model}: {len(errors)} cases, median error {statistics.median(errors):.1%}, nine of ten within {errors[int(len(errors) * 0.9)]:.1%}, "
                  f"worst {errors[-1]:.1%}, ratio {min(ratios):.2f} to {max(ratios):.2f}, order right {right} of {total}")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    what = sys.argv[1:] or ["prove"]
    ledger = what[-1] if what[-1].endswith(".csv") else f"{HERE}/cases.csv"
    if what[0] == "report":
        report(ledger)
    elif what[0] in ("prove", "cases"):
        with tempfile.TemporaryDirectory() as folder:
            build(folder)
            prove(folder) if what[0] == "prove" else cases(folder, what[1], ledger)
    else:
        sys.exit(__doc__)
