#!/usr/bin/env python3
"""A plug-in for the federation's agent: a hypervisor whose VMs are processes of this machine. Made to be changed.

It reads calls from its standard input and writes answers to its standard output, a line of JSON each: docs/drivers.md
describes them. To drive a cloud of yours, replace the five functions of "The hypervisor" by your cloud's commands.

It promises cold moves only: a VM is stopped, its disks are copied, it starts anew at the other host. Both hosts must see
each other's folder (one machine, or a shared file system).

Environment:
  FEDERATION_HOST       this host's name
  FEDERATION_DIRECTORY  where this host keeps its VMs, a folder each
  PLUGIN_COMMAND        what a VM is; {folder}, {mib} and {vcpus} are filled in. Default: sleep infinity

Held against the port by: fedctl driver test deploy/plug-ins/processes.py
"""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.parse

HOST = os.environ.get("FEDERATION_HOST", "host")
DIRECTORY = os.path.abspath(os.environ.get("FEDERATION_DIRECTORY", "plug-in-vms"))
COMMAND = os.environ.get("PLUGIN_COMMAND", "sleep infinity")


class Refusal(Exception):
    """What is told to the user: why a call could not be done."""


# ---- The hypervisor: what another cloud does in another way. ---------------------------------------------------------


def create_disks(folder, guest):
    """Makes the VM's disks, as its description asks for them."""
    for disk in guest.get("disks", []):
        with open(os.path.join(folder, "disk-" + quote(disk["name"])), "wb") as file:
            file.truncate(disk["sizeBytes"])


def start_vm(folder, guest):
    """Starts the VM and gives what it is found again by."""
    command = COMMAND.format(folder=folder, mib=guest["memoryBytes"] >> 20, vcpus=guest["vcpus"])
    with open(os.path.join(folder, "console.log"), "ab") as log:
        # In a session of its own, so that it outlives this program.
        vm = subprocess.Popen(shlex.split(command), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder, start_new_session=True)
    return {"pid": vm.pid, "began": began(vm.pid)}


def is_running(handle):
    """Whether the VM runs. A process id is given again some day: the time of its start tells which process it is."""
    return handle is not None and handle["began"] is not None and began(handle["pid"]) == handle["began"]


def stop_vm(handle):
    """Stops the VM and returns when it has stopped."""
    if not is_running(handle):
        return
    os.kill(handle["pid"], signal.SIGTERM)
    deadline = time.monotonic() + 10
    while is_running(handle):
        if time.monotonic() > deadline:
            os.kill(handle["pid"], signal.SIGKILL)
        time.sleep(0.01)


def copy_disks(source, target):
    """Copies the VM's disks to the other host, from nothing: what an earlier attempt left there is replaced."""
    for name in sorted(os.listdir(source)):
        if name.startswith("disk-"):
            shutil.copyfile(os.path.join(source, name), os.path.join(target, name))


def began(pid):
    """When a process was started, in ticks since the machine was; None: there is no such process."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return None if fields[0] == "Z" else fields[19]
    except OSError:
        return None


# ---- What is kept of each VM: a file in its folder, replaced whole. --------------------------------------------------


def quote(name):
    return urllib.parse.quote(name, safe="")


def folder_of(vm):
    return os.path.join(DIRECTORY, quote(vm))


def load(folder):
    try:
        with open(os.path.join(folder, "vm.json")) as file:
            return json.load(file)
    except FileNotFoundError:
        return None


def save(folder, vm):
    draft = os.path.join(folder, "vm.json.new")
    with open(draft, "w") as file:
        json.dump(vm, file)
    os.replace(draft, os.path.join(folder, "vm.json"))


def create(vm, guest, state, **more):
    folder = folder_of(vm)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder, mode=0o700)
    # Secrets are given to the VM when it starts, if at all, and kept nowhere.
    kept = {key: value for key, value in guest.items() if key != "userData"}
    save(folder, {"vm": vm, "guest": kept, "state": state, **more})
    return folder


def here(vm):
    found = load(folder_of(vm))
    if found is None:
        raise Refusal(f"no copy of {vm} is at {HOST}")
    return found


def change(found, **changes):
    found.update(changes)
    save(folder_of(found["vm"]), found)


# ---- The calls. ------------------------------------------------------------------------------------------------------

# Copying goes on behind the calls: one thing at a time is done to what is kept.
lock = threading.Lock()


def describe(_):
    return {
        "driver": "processes",
        "version": "1",
        "architectures": [os.uname().machine],
        "movesLive": False,
        "holdsAtSwitch": True,
        "keepsSent": True,
        "movesDisks": True,
        "remarks": ["A VM is a process; a move stops it, copies its disks and starts it anew."],
    }


def start(call):
    vm, guest = call["vm"], call["guest"]
    found = load(folder_of(vm))
    if found and found["state"] != "running":
        raise Refusal(f"{vm} is not started: a copy of it is here that takes part in a move ({found['state']})")
    if found and is_running(found["handle"]):
        return
    folder = create(vm, guest, "running", handle=None)
    create_disks(folder, guest)
    change(here(vm), handle=start_vm(folder, guest))


def stop(call):
    found = load(folder_of(call["vm"]))
    if found:
        stop_vm(found.get("handle"))
        shutil.rmtree(folder_of(call["vm"]))


def receive(call):
    vm = call["vm"]
    found = load(folder_of(vm))
    if found and found.get("receives") == call["migration"] and found["state"] in ("receiving", "received"):
        return {"memory": folder_of(vm), "disks": folder_of(vm)}
    if found:
        raise Refusal(f"{vm} cannot be received for {call['migration']}: a copy of it is here already ({found['state']})")
    folder = create(vm, call["guest"], "receiving", receives=call["migration"], handle=None)
    return {"memory": folder, "disks": folder}


def send(call):
    found = here(call["vm"])
    if found.get("sends") == call["migration"]:
        return
    if found.get("sends"):
        raise Refusal(f"{found['vm']} cannot be sent for {call['migration']}: {found['sends']} sends it")
    if found["state"] != "running":
        raise Refusal(f"{found['vm']} cannot be sent for {call['migration']}: it does not run ({found['state']})")
    if call["terms"]["isLive"]:
        raise Refusal(f"{found['vm']} cannot be moved while it runs: this hypervisor moves VMs that are stopped only")
    waiting(found["vm"], call["migration"], call["to"]["memory"])
    # What is to happen is kept before it is done: a program that is started anew finds the VM held, not lost.
    change(found, state="atSwitch", sends=call["migration"], to=call["to"]["memory"], stopped=time.time(), fault=None)
    stop_vm(found["handle"])


def switch(call):
    found = here(call["vm"])
    if found.get("sends") != call["migration"] or found["state"] not in ("atSwitch", "sending", "sent"):
        raise Refusal(f"{found['vm']} is not at the switch of {call['migration']} ({found['state']})")
    if found["state"] == "atSwitch":
        stop_vm(found["handle"])
        change(found, state="sending")
        threading.Thread(target=copy, args=(found["vm"], call["migration"]), daemon=True).start()


def run(call):
    found = here(call["vm"])
    if found["state"] == "running" and is_running(found["handle"]):
        return
    if found["state"] not in ("running", "received", "sent"):
        raise Refusal(f"{found['vm']} cannot be told to run: its copy here is {found['state']}")
    folder = folder_of(found["vm"])
    downtime = time.time() - found["stopped"] if found.get("stopped") else None
    change(found, state="running", sends=None, handle=start_vm(folder, found["guest"]), downtime=downtime)


def cancel(call):
    found = load(folder_of(call["vm"]))
    if found and found.get("sends") == call["migration"] and found["state"] != "sent":
        back(found, "it was cancelled")
    elif found and found.get("receives") == call["migration"]:
        if found["state"] == "running":
            raise Refusal(f"{found['vm']} runs here already: too late to cancel {call['migration']}")
        shutil.rmtree(folder_of(found["vm"]))


def find(_):
    names = os.listdir(DIRECTORY) if os.path.isdir(DIRECTORY) else []
    kept = [load(os.path.join(DIRECTORY, name)) for name in names]
    return [sighting(vm) for vm in kept if vm and (vm["state"] != "running" or is_running(vm["handle"]))]


def sighting(vm):
    seen = {"vm": vm["vm"], "state": vm["state"]}
    migration = vm.get("sends") or vm.get("receives") or vm.get("sent")
    if migration:
        transfer = {"migration": migration, "diskBytes": sum(disk["sizeBytes"] for disk in vm["guest"].get("disks", []))}
        transfer.update({"downtimeSeconds": vm["downtime"]} if vm.get("downtime") else {})
        transfer.update({"fault": vm["fault"]} if vm.get("fault") else {})
        seen["transfer"] = transfer
    return seen


def waiting(vm, migration, target):
    """The destination, which must wait for this migration."""
    found = load(target)
    if not found or found.get("receives") != migration or found["state"] != "receiving":
        raise Refusal(f"nobody waits for {migration} of {vm} at {target}")
    return found


def back(found, fault):
    """The source runs again; its disks are what they were."""
    change(found, state="running", sent=found["sends"], sends=None, fault=fault, handle=start_vm(folder_of(found["vm"]), found["guest"]))


def copy(vm, migration):
    """Sends the rest, behind the call, and says that there is something to see."""
    folder = folder_of(vm)
    with lock:
        target = here(vm)["to"]
    fault = None
    try:
        waiting(vm, migration, target)
        copy_disks(folder, target)
    except (OSError, Refusal) as problem:
        fault = str(problem)
    with lock:
        found = load(folder)
        # It may have been cancelled or stopped meanwhile.
        if found and found["state"] == "sending" and found.get("sends") == migration:
            try:
                if fault is None:
                    destination = waiting(vm, migration, target)
                    destination.update(state="received", stopped=found["stopped"])
                    save(target, destination)
                    change(found, state="sent")
            except (OSError, Refusal) as problem:
                fault = str(problem)
            if fault is not None:
                back(found, fault)
    say({"changed": True})


# ---- The conversation. -----------------------------------------------------------------------------------------------

CALLS = {call.__name__: call for call in (describe, start, stop, receive, send, switch, run, cancel, find)}
saying = threading.Lock()


def say(line):
    with saying:
        print(json.dumps(line), flush=True)


def resume():
    """What the run of this program before was doing goes on."""
    for seen in find({}):
        found = here(seen["vm"])
        if found["state"] == "atSwitch":
            stop_vm(found["handle"])
        if found["state"] == "sending":
            threading.Thread(target=copy, args=(found["vm"], found["sends"]), daemon=True).start()


def main():
    resume()
    for line in sys.stdin:
        call = json.loads(line)
        try:
            with lock:
                result = CALLS[call["call"]](call)
            say({"id": call["id"], "result": result})
        except Refusal as refusal:
            say({"id": call["id"], "error": str(refusal)})
        except (OSError, KeyError) as problem:
            say({"id": call["id"], "error": f"{call['call']} failed: {problem!r}"})


if __name__ == "__main__":
    main()
