using CsCheck;
using Federation.Domain.Estimation;

namespace Federation.Planning.Tests.Worlds;

/// <summary>A small random world, named by what it is made from, so that a failure can be made again.</summary>
public sealed record World(int Vms, int Sites, int Seed)
{
    private PlacementView? view;

    public PlacementView View => view ??= new WorldMaker(Seed).Make(Vms, Sites);

    /// <summary>Up to 5 VMs and 4 sites: small enough to look at every assignment.</summary>
    public static Gen<World> Small { get; } =
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 4], Gen.Int[0, int.MaxValue - 1], (vms, sites, seed) => new World(vms, sites, seed));

    /// <summary>Up to 12 VMs and 5 sites.</summary>
    public static Gen<World> Medium { get; } =
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 5], Gen.Int[0, int.MaxValue - 1], (vms, sites, seed) => new World(vms, sites, seed));

    /// <summary>The same worlds every time.</summary>
    public static IEnumerable<World> Series(int count) =>
        Enumerable.Range(0, count).Select(i => new World(1 + (i % 5), 1 + (i / 5 % 4), i));

    public override string ToString() => $"new World(Vms: {Vms}, Sites: {Sites}, Seed: {Seed})";
}
