using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Grains.Tests.Making;

/// <summary>A traffic store whose reading of whole windows can be held up.</summary>
internal sealed class GatedTrafficStore(ITrafficStore store) : ITrafficStore
{
    private volatile TaskCompletionSource? gate;

    /// <summary>Whoever reads whole windows from now on waits.</summary>
    public void Close() => gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets them all go on.</summary>
    public void Open() => gate?.TrySetResult();

    public Task<ImmutableArray<AppendOutcome>> Append(IReadOnlyList<SubmittedReport> reports, CancellationToken cancel) => store.Append(reports, cancel);

    public async Task<ImmutableArray<WindowReport>> Read(AppId application, Window first, Window last, CancellationToken cancel)
    {
        if (gate is { } closed)
        {
            await closed.Task.WaitAsync(cancel);
        }

        return await store.Read(application, first, last, cancel);
    }

    public async Task<ImmutableArray<SensorPart>> ReadParts(AppId application, Window first, Window last, CancellationToken cancel)
    {
        if (gate is { } closed)
        {
            await closed.Task.WaitAsync(cancel);
        }

        return await store.ReadParts(application, first, last, cancel);
    }

    public Task<ImmutableArray<SensorPart>> ReadParts(AppId application, VmId vm, Window first, Window last, CancellationToken cancel) =>
        store.ReadParts(application, vm, first, last, cancel);

    public Task<Window?> LatestWindow(AppId application, Window? notAfter, CancellationToken cancel) => store.LatestWindow(application, notAfter, cancel);

    public Task<ImmutableArray<Window>> ReportedWindows(AppId application, Window first, Window last, CancellationToken cancel) =>
        store.ReportedWindows(application, first, last, cancel);

    public Task<int> DeleteBefore(AppId application, Window oldestKept, CancellationToken cancel) => store.DeleteBefore(application, oldestKept, cancel);
}
