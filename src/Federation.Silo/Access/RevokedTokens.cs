using System.Collections.Frozen;
using Federation.Contracts;
using Federation.Grains.Access;

namespace Federation.Silo.Access;

/// <summary>Which tokens of the built-in issuer were taken back, as this silo knows it: no older than some seconds while the silos can talk.</summary>
/// <remarks>
/// Where the list cannot be had, as while another silo takes it over, what was known last counts: a second's outage must not lock everybody out. A
/// silo that has never had it lets nobody in with such a token.
/// </remarks>
internal sealed class RevokedTokens(IGrainFactory grains, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Newness = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim asking = new(1, 1);
    private volatile Known? last;

    /// <summary>Whether a token was taken back.</summary>
    /// <param name="id">Its identifier.</param>
    public async ValueTask<bool> Has(string id)
    {
        var known = last;
        return (known is not null && clock.GetElapsedTime(known.Asked) < Newness ? known : await Refresh(known)).Ids.Contains(id);
    }

    public void Dispose() => asking.Dispose();

    private async Task<Known> Refresh(Known? before)
    {
        // One asks; the others go on with what there is, if there is anything.
        if (!await asking.WaitAsync(before is null ? Timeout.InfiniteTimeSpan : TimeSpan.Zero))
        {
            return before!;
        }

        try
        {
            return last = await Ask(last);
        }
        catch (Exception) when (last is { } known)
        {
            // Asked again after the same while, not by every request.
            return last = known with { Asked = clock.GetTimestamp() };
        }
        finally
        {
            asking.Release();
        }
    }

    private async Task<Known> Ask(Known? before)
    {
        CallOrigin.Current = CallOrigin.Service;
        var asked = clock.GetTimestamp();
        var now = await grains.Revocations().Since(before?.Stamp ?? Guid.Empty);
        return new(now.Stamp, now.Ids is { } ids ? ids.ToFrozenSet(StringComparer.Ordinal) : before!.Ids, asked);
    }

    private sealed record Known(Guid Stamp, FrozenSet<string> Ids, long Asked);
}
