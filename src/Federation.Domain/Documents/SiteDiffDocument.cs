namespace Federation.Domain.Documents;

/// <summary>What a site file would change, and whom.</summary>
/// <param name="Site">The site.</param>
/// <param name="Revision">The revision that it was held against; 0: there is no such site yet.</param>
/// <param name="Changes">What is different, by key; empty: nothing is.</param>
/// <param name="Affected">The VMs there that it would keep out, if they came now. They stay; a plan moves them.</param>
public sealed record SiteDiffDocument(string Site, long Revision, SiteDiffDocument.Change[] Changes, SiteDiffDocument.Vm[] Affected)
{
    /// <summary>One key.</summary>
    /// <param name="Key">Its path: <c>offers[std-4].price</c>.</param>
    /// <param name="Before">Its value, as JSON; null: it was not there.</param>
    /// <param name="After">Its value, as JSON; null: it goes.</param>
    public sealed record Change(string Key, string? Before, string? After);

    /// <summary>One VM.</summary>
    /// <param name="Application">Its application.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Reason">What would keep it out.</param>
    public sealed record Vm(string Application, string Name, string Reason);
}
