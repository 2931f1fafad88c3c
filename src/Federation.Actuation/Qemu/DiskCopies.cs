using System.Collections.Immutable;
using Federation.Domain.Guests;

namespace Federation.Actuation.Qemu;

/// <summary>Copies disks of a VM to another host while it runs: QEMU mirrors each of them to a network block device that the destination offers.</summary>
internal static class DiskCopies
{
    /// <summary>Begins to copy. Of a disk over a base only the VM's own layer is sent.</summary>
    /// <exception cref="QmpException">It cannot be begun.</exception>
    public static async Task Begin(QemuMonitor monitor, IEnumerable<(string Node, bool IsLayer)> nodes, TransferTarget to, long? bytesPerSecond, CancellationToken cancel)
    {
        var target = NetworkTarget.Parse(to.Disks!);
        foreach (var (node, isLayer) in nodes)
        {
            await monitor.Do("blockdev-add", new()
            {
                ["driver"] = "nbd",
                ["node-name"] = There(node),
                ["export"] = node,
                ["server"] = target.ToJson("inet"),
            }, cancel);
            await monitor.Do("blockdev-mirror", new()
            {
                ["job-id"] = Job(node),
                ["device"] = node,
                ["target"] = There(node),
                ["sync"] = isLayer ? "top" : "full",
                ["speed"] = bytesPerSecond ?? 0,
            }, cancel);
        }
    }

    /// <summary>Whether the copies of disks are all there and ready; a copy that is missing has failed.</summary>
    public static CopiesState StateOf(ImmutableArray<CopyView> copies, IEnumerable<string> nodes)
    {
        var found = nodes.Select(node => copies.FirstOrDefault(copy => copy.Job == Job(node))).ToArray();
        return found.Contains(null) ? CopiesState.Failed : found.All(copy => copy!.IsReady) ? CopiesState.Ready : CopiesState.UnderWay;
    }

    /// <summary>Ends copies that are ready, the VM standing still: what the two differ in is sent, then they part.</summary>
    /// <returns>Whether they have ended in time.</returns>
    /// <exception cref="QmpException">QEMU does not answer.</exception>
    public static Task<bool> Finish(QemuMonitor monitor, ImmutableArray<string> nodes, QemuOptions options, TimeProvider clock, CancellationToken cancel) =>
        End(monitor, nodes, isForced: false, options, clock, cancel);

    /// <summary>Gives copies up, whatever they do.</summary>
    /// <returns>Whether they have ended in time.</returns>
    /// <exception cref="QmpException">QEMU does not answer.</exception>
    public static Task<bool> GiveUp(QemuMonitor monitor, ImmutableArray<string> nodes, QemuOptions options, TimeProvider clock, CancellationToken cancel) =>
        End(monitor, nodes, isForced: true, options, clock, cancel);

    /// <summary>The block device that a disk is copied to.</summary>
    public static string There(string node) => $"there-{node}";

    private static string Job(string node) => $"copy-{node}";

    private static async Task<bool> End(
        QemuMonitor monitor, ImmutableArray<string> nodes, bool isForced, QemuOptions options, TimeProvider clock, CancellationToken cancel)
    {
        foreach (var node in nodes)
        {
            await monitor.Try("block-job-cancel", new() { ["device"] = Job(node), ["force"] = isForced }, cancel);
        }

        for (var begun = clock.GetTimestamp(); (await monitor.Do("query-block-jobs", cancel)).AsArray().Count > 0;)
        {
            if (clock.GetElapsedTime(begun) > options.Patience)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), clock, cancel);
        }

        foreach (var node in nodes)
        {
            await monitor.Try("blockdev-del", new() { ["node-name"] = There(node) }, cancel);
        }

        return true;
    }
}

/// <summary>How far copies of disks are.</summary>
internal enum CopiesState
{
    /// <summary>They differ yet.</summary>
    UnderWay,

    /// <summary>They are alike, and are kept alike.</summary>
    Ready,

    /// <summary>One has ended.</summary>
    Failed,
}
