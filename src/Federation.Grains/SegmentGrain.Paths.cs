using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Grains.Access;

namespace Federation.Grains;

/// <summary>How frames go between the network's hosts.</summary>
public sealed partial class SegmentGrain
{
    /// <inheritdoc/>
    public async Task<ImmutableArray<SegmentPath>> Paths()
    {
        if (Now is not { HasEnded: false } register)
        {
            return [];
        }

        // Two hosts may carry the networks of several tenants: how much they send each other in all is none of one's business.
        var seesAll = CallerContext.Current.SeesAll;
        var told = await Task.WhenAll(register.Hosts.Keys.Select(async host => (Host: host, Paths: await GrainFactory.Agent(new(host.Site, host.Host)).Paths())));
        return
        [
            .. from each in told
               from path in each.Paths.OrderBy(path => path.Host)
               where register.Hosts.ContainsKey(path.Host)
               select new SegmentPath(each.Host, seesAll ? path : path with { BytesPerSecond = null }),
        ];
    }
}
